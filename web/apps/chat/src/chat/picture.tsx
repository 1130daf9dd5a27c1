// A picture in the timeline. Its place is reserved from what the sender said, so nothing moves when it comes.
import type { Message, MessageFile } from '@magpie/client';
import { ImageIcon } from '@magpie/ui';
import { createMemo, createSignal, Show, type JSX } from 'solid-js';
import { blobUrl } from './blob-url';
import { fit } from './rules/fit';
import { useChat } from './state';
import { t } from './text';
import { UploadRing } from './upload-ring';

export function Picture(props: { readonly message: Message; readonly file: MessageFile }): JSX.Element {
  const chat = useChat();
  const [failed, setFailed] = createSignal(false);
  const size = createMemo(() => fit(props.file.width, props.file.height));
  const local = blobUrl(() => props.file.local);
  const source = () => local() ?? props.file.thumbnail ?? props.file.url;
  const open = (event: MouseEvent) => {
    if (chat.selection()) return;
    event.stopPropagation();
    chat.setViewing(props.message.id);
  };
  return (
    <div class="picture" style={{ width: `${size().width}px`, 'aspect-ratio': `${size().width} / ${size().height}` }}>
      <Show
        when={source() && !failed()}
        fallback={
          <div class="picture-missing" role="img" aria-label={failed() ? t('pictureFailed') : props.file.name}>
            <ImageIcon size={28} />
            <Show when={failed()}>
              <span>{t('pictureFailed')}</span>
            </Show>
          </div>
        }
      >
        <button type="button" aria-label={t('openPicture', props.file.name)} tabindex={-1} onClick={open}>
          <img
            src={source()}
            alt=""
            width={size().width}
            height={size().height}
            decoding="async"
            draggable={false}
            onError={() => setFailed(true)}
          />
        </button>
      </Show>
      <Show when={props.message.state === 'uploading'}>
        <UploadRing message={props.message} />
      </Show>
    </div>
  );
}
