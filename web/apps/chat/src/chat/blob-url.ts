// An address for bytes that are here, for as long as the owner lives.
import { createMemo, onCleanup, type Accessor } from 'solid-js';

export function blobUrl(blob: Accessor<Blob | null | undefined>): Accessor<string | undefined> {
  return createMemo(() => {
    const bytes = blob();
    if (!bytes) return undefined;
    const url = URL.createObjectURL(bytes);
    onCleanup(() => URL.revokeObjectURL(url));
    return url;
  });
}
