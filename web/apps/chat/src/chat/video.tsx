// A video that plays in its bubble; only its first bytes are loaded before.
import type { Message, MessageFile } from '@magpie/client';
import { VideoIcon } from '@magpie/ui';
import { createMemo, createSignal, Show, type JSX } from 'solid-js';
import { blobUrl } from './blob-url';
import { FileRow } from './file-row';
import { fit } from './rules/fit';
import { UploadRing } from './upload-ring';

export function Video(props: { readonly message: Message; readonly file: MessageFile }): JSX.Element {
  const [failed, setFailed] = createSignal(false);
  const size = createMemo(() => fit(props.file.width ?? 1280, props.file.height ?? 720));
  const local = blobUrl(() => (props.file.url ? null : props.file.local));
  return (
    <Show when={!failed()} fallback={<FileRow message={props.message} file={props.file} />}>
      <div class="picture" style={{ width: `${size().width}px`, 'aspect-ratio': `${size().width} / ${size().height}` }}>
        <Show when={props.file.url || local()} fallback={<VideoIcon size={28} />}>
          {(source) => (
            <video
              src={source()}
              aria-label={props.file.name}
              width={size().width}
              height={size().height}
              preload="metadata"
              controls
              playsinline
              onClick={(event) => event.stopPropagation()}
              onError={() => setFailed(props.message.state !== 'uploading')}
            />
          )}
        </Show>
        <Show when={props.message.state === 'uploading'}>
          <UploadRing message={props.message} />
        </Show>
      </div>
    </Show>
  );
}
