// Takes files that are dropped anywhere on the conversation, and says so while they hover.
import { AttachIcon } from '@magpie/ui';
import { createSignal, Show, type JSX } from 'solid-js';
import { t } from './text';

export function DropArea(props: { readonly onFiles: (files: readonly File[]) => void; readonly children: JSX.Element }): JSX.Element {
  const [over, setOver] = createSignal(false);
  // `dragleave` also fires on the way into a child.
  let depth = 0;
  const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const enter = (by: 1 | -1) => (event: DragEvent) => {
    if (!isFiles(event)) return;
    depth = Math.max(0, depth + by);
    setOver(depth > 0);
  };
  return (
    <div
      class="chat"
      onDragEnter={enter(1)}
      onDragLeave={enter(-1)}
      onDragOver={(event) => isFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        depth = 0;
        setOver(false);
        props.onFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {props.children}
      <Show when={over()}>
        <div class="drop">
          <AttachIcon size={28} />
          <span>{t('dropHere')}</span>
        </div>
      </Show>
    </div>
  );
}
