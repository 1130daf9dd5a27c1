// Shows files before they go: what they are, what is wrong with them, and a caption. Nothing is uploaded before "send".
import { Button, CloseIcon, FileIcon, IconButton, isEnter, PlusIcon } from '@magpie/ui';
import { Dialog } from '@magpie/ui/dialog';
import { bytes } from '@magpie/ui/time';
import { createSignal, For, Show, type JSX } from 'solid-js';
import { fromStore } from '../state/signal';
import { blobUrl } from './blob-url';
import { prepare } from './prepare';
import { report, useChat } from './state';
import { fileKind } from './summary';
import { t } from './text';
import './send-files.css';

export interface SendFilesProps {
  readonly files: readonly File[];
  /** What was typed already. */
  readonly caption: string;
  readonly onMore: () => void;
  readonly onRemove: (file: File) => void;
  readonly onClose: (sent: boolean) => void;
}

function Chosen(props: { readonly file: File; readonly problem: string | undefined; readonly onRemove: () => void }): JSX.Element {
  const picture = () => fileKind(props.file) === 'image';
  const url = blobUrl(() => (picture() ? props.file : null));
  return (
    <li class="chosen" data-picture={picture() ? '' : undefined}>
      <Show when={url()} fallback={<FileIcon />}>
        {(source) => <img src={source()} alt="" />}
      </Show>
      <span class="chosen-text">
        <bdi class="ui-truncate">{props.file.name}</bdi>
        <span data-problem={props.problem ? '' : undefined}>{props.problem ?? bytes(props.file.size)}</span>
      </span>
      <IconButton label={t('removeFile', props.file.name)} onClick={() => props.onRemove()}>
        <CloseIcon size={18} />
      </IconButton>
    </li>
  );
}

export default function SendFiles(props: SendFilesProps): JSX.Element {
  const chat = useChat();
  const [caption, setCaption] = createSignal(props.caption);
  const [asFile, setAsFile] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const features = fromStore(chat.client.connection.features);
  const limit = () => features().uploadLimit;
  const problem = (file: File): string | undefined => {
    if (file.size === 0) return t('emptyFile');
    const most = limit();
    // A picture is made smaller first.
    const shrinks = fileKind(file) === 'image' && file.type !== 'image/gif' && !asFile();
    return most !== null && file.size > most && !shrinks ? t('tooLarge', bytes(most)) : undefined;
  };
  const good = () => props.files.filter((file) => !problem(file));
  const pictures = () => good().length > 0 && good().every((file) => fileKind(file) === 'image');
  const send = async () => {
    if (busy() || !good().length) return;
    setBusy(true);
    const files = [];
    // One after the other: several large pictures at once do not fit in a phone.
    for (const file of good()) files.push(await prepare(file, asFile()));
    const replyTo = chat.replyTo()?.id;
    report(chat.client.messages.send(chat.jid, { body: caption().trim(), files, ...(replyTo ? { replyTo } : {}) }));
    chat.list?.toEnd();
    props.onClose(true);
  };
  return (
    <Dialog
      open
      onClose={() => props.onClose(false)}
      title={pictures() ? t('sendPictures', good().length) : t('sendFiles', good().length)}
      actions={
        <>
          <Button onClick={() => props.onMore()}>
            <PlusIcon size={18} /> {t('addMore')}
          </Button>
          <Button kind="primary" busy={busy()} disabled={!good().length} onClick={() => void send()}>
            {t('send')}
          </Button>
        </>
      }
    >
      <ul class="chosen-files" data-single={props.files.length === 1 ? '' : undefined}>
        <For each={props.files}>
          {(file) => <Chosen file={file} problem={problem(file)} onRemove={() => (props.files.length > 1 ? props.onRemove(file) : props.onClose(false))} />}
        </For>
      </ul>
      <div class="ui-field-box">
        <textarea
          autofocus
          rows="1"
          class="chosen-caption"
          value={caption()}
          placeholder={t('caption')}
          aria-label={t('caption')}
          onInput={(event) => setCaption(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!isEnter(event)) return;
            event.preventDefault();
            void send();
          }}
        />
      </div>
      <Show when={props.files.some((file) => fileKind(file) === 'image')}>
        <label class="chosen-option">
          <input type="checkbox" checked={asFile()} onChange={(event) => setAsFile(event.currentTarget.checked)} />
          {t('asFile')}
        </label>
      </Show>
    </Dialog>
  );
}
