// A file: name, size, and where to get it. Sound also gets a player.
import type { Message, MessageFile } from '@magpie/client';
import { DownloadIcon, FileIcon } from '@magpie/ui';
import { bytes } from '@magpie/ui/time';
import { Show, type JSX } from 'solid-js';
import { fromChosen } from '../state/signal';
import { useChat } from './state';
import { fileKind } from './summary';
import { t } from './text';
import { UploadRing } from './upload-ring';

/** The end of a name tells more than its middle. */
function Name(props: { readonly name: string }): JSX.Element {
  const cut = () => Math.max(0, props.name.length - 9);
  return (
    <bdi class="file-name" title={props.name}>
      <span>{props.name.slice(0, cut())}</span>
      <span>{props.name.slice(cut())}</span>
    </bdi>
  );
}

export function FileRow(props: { readonly message: Message; readonly file: MessageFile }): JSX.Element {
  const chat = useChat();
  const progress = fromChosen(() => chat.client.messages.progress(props.message.id));
  const uploading = () => props.message.state === 'uploading';
  const size = () => {
    const now = progress();
    if (uploading() && now) return `${bytes(now.sent)} / ${bytes(now.total)}`;
    return props.file.size === null ? '' : bytes(props.file.size);
  };
  return (
    <div class="file">
      <Show
        when={!uploading() && props.file.url}
        fallback={<span class="file-glyph">{uploading() ? <UploadRing message={props.message} /> : <FileIcon />}</span>}
      >
        {(url) => (
          <a
            class="file-glyph"
            href={url()}
            download={props.file.name}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`${t('download')} ${props.file.name}`}
            title={t('download')}
            onClick={(event) => event.stopPropagation()}
          >
            <FileIcon />
            <DownloadIcon />
          </a>
        )}
      </Show>
      <div class="file-text">
        <Name name={props.file.name || t('file')} />
        <span class="file-size">{size()}</span>
      </div>
      <Show when={fileKind(props.file) === 'audio' && props.file.url}>
        {(url) => <audio src={url()} controls preload="metadata" aria-label={props.file.name} />}
      </Show>
    </div>
  );
}
