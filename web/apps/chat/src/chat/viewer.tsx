// Pictures over the whole window: next and previous, zoom, save. A `dialog` element, so that focus and Esc are the browser's.
import type { Message, MessageFile } from '@magpie/client';
import { CloseIcon, DownloadIcon, IconButton, RightIcon, BackIcon } from '@magpie/ui';
import { fullTime } from '@magpie/ui/time';
import { createMemo, createSignal, onMount, Show, type JSX } from 'solid-js';
import { blobUrl } from './blob-url';
import { useChat } from './state';
import { fileKind } from './summary';
import { t } from './text';
import { createZoom } from './zoom';
import './viewer.css';

interface Shown {
  readonly message: Message;
  readonly file: MessageFile;
}

export default function Viewer(): JSX.Element {
  const chat = useChat();
  let dialog!: HTMLDialogElement;
  const [now, setNow] = createSignal(chat.viewing());
  const all = createMemo<readonly Shown[]>(() =>
    chat.messages().flatMap((message) => message.files.filter((file) => fileKind(file) === 'image').map((file) => ({ message, file }))),
  );
  const at = () => all().findIndex((one) => one.message.id === now());
  const shown = () => all()[at()];
  const zoom = createZoom();
  const local = blobUrl(() => shown()?.file.local);
  const source = () => local() ?? shown()?.file.url;
  const step = (by: number) => {
    const next = all()[at() + by];
    if (!next) return;
    zoom.reset();
    setNow(next.message.id);
  };
  const close = () => {
    chat.setViewing(undefined);
    const id = now();
    if (id) chat.setActive(id);
    chat.list?.focus();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    '+': () => zoom.by(1.4),
    '=': () => zoom.by(1.4),
    '-': () => zoom.by(1 / 1.4),
    '0': zoom.reset,
  };
  onMount(() => dialog.showModal());
  return (
    <dialog
      class="viewer"
      ref={dialog}
      aria-label={t('viewer')}
      onClose={close}
      onKeyDown={(event) => {
        event.stopPropagation();
        keys[event.key]?.();
      }}
    >
      <header>
        <div class="viewer-text">
          <bdi>{shown() && chat.nameOf(shown()!.message.author)}</bdi>
          <span>{shown() && fullTime(shown()!.message.time)}</span>
        </div>
        <Show when={all().length > 1}>
          <span class="viewer-count">{t('ofCount', at() + 1, all().length)}</span>
        </Show>
        <Show when={source()}>
          {(url) => (
            <a class="ui-icon-button" href={url()} download={shown()?.file.name} target="_blank" rel="noopener noreferrer" aria-label={t('download')} title={t('download')}>
              <DownloadIcon />
            </a>
          )}
        </Show>
        <IconButton label={t('close')} title={t('close')} onClick={() => dialog.close()}>
          <CloseIcon />
        </IconButton>
      </header>
      <div class="viewer-stage" {...zoom.gestures} onClick={(event) => event.target === event.currentTarget && dialog.close()}>
        <Show when={source()}>
          {(url) => (
            <img
              src={url()}
              alt={t('picture', shown()?.file.name ?? '')}
              draggable={false}
              data-zoomed={zoom.scale() > 1 ? '' : undefined}
              style={{ transform: zoom.transform() }}
              onDblClick={() => (zoom.scale() > 1 ? zoom.reset() : zoom.by(2.5))}
            />
          )}
        </Show>
      </div>
      <Show when={at() > 0}>
        <IconButton class="viewer-step" label={t('previous')} title={t('previous')} onClick={() => step(-1)}>
          <BackIcon />
        </IconButton>
      </Show>
      <Show when={at() < all().length - 1}>
        <IconButton class="viewer-step viewer-next" label={t('next')} title={t('next')} onClick={() => step(1)}>
          <RightIcon />
        </IconButton>
      </Show>
      <Show when={shown()?.message.body}>{(body) => <p class="viewer-caption">{body()}</p>}</Show>
    </dialog>
  );
}
