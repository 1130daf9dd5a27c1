// Where one writes: grows with its text, Enter sends, drafts stay, files come by button, paste or drop.
import { AttachIcon, CheckIcon, IconButton, isEnter, languageOf, SendIcon, SmileIcon, toast } from '@magpie/ui';
import { createEffect, createSignal, lazy, on, onCleanup, onMount, Show, Suspense, type JSX } from 'solid-js';
import { createDraft } from './draft';
import { ComposerStrip } from './composer-strip';
import { fromStore } from '../state/signal';
import { report, useChat } from './state';
import { t } from './text';
import { canEdit, canReply } from './verbs';
import './composer.css';

const EmojiButton = lazy(() => import('./emoji-button'));
const SendFiles = lazy(() => import('./send-files'));
/** Characters of a message. What is longer goes as a file. */
const longest = 10_000;
/** Pixels; then the field scrolls. */
const tallest = 192;
/** What fingers would have to undo: on phones the keyboard does not open by itself. */
const fine = () => matchMedia('(pointer: fine)').matches;

export function Composer(): JSX.Element {
  const chat = useChat();
  const draft = createDraft(chat);
  const features = fromStore(chat.client.connection.features);
  const [files, setFiles] = createSignal<readonly File[]>([]);
  let field!: HTMLTextAreaElement;
  let picker!: HTMLInputElement;

  const grow = () => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(tallest, field.scrollHeight)}px`;
    field.style.overflowY = field.scrollHeight > tallest ? 'auto' : 'hidden';
  };
  const write = (text: string) => {
    field.value = text;
    draft.change(text);
    grow();
  };
  const addFiles = (more: readonly File[]) => {
    if (more.length && !chat.editing()) setFiles((all) => [...all, ...more]);
  };
  chat.composer = { focus: () => field.focus(), addFiles };
  onMount(() => {
    grow();
    if (fine()) field.focus();
  });

  // Editing borrows the field and gives the draft back afterwards.
  createEffect(
    on(chat.editing, (message, before) => {
      if (message) draft.suspend();
      if (message || before) {
        field.value = message ? message.body : draft.resume();
        grow();
      }
      if (message) {
        field.focus();
        field.setSelectionRange(field.value.length, field.value.length);
      }
    }),
  );
  createEffect(on(chat.replyTo, (message) => message && field.focus(), { defer: true }));

  const tooLong = (body: string) => {
    if (chat.editing() || !features().upload) return toast(t('tooLong', longest), { kind: 'danger' });
    toast(t('longAsFile'));
    addFiles([new File([body], `${t('longText')}.txt`, { type: 'text/plain' })]);
  };
  const submit = () => {
    const body = field.value.trim();
    const edited = chat.editing();
    if (!body) return;
    if (body.length > longest) return tooLong(body);
    if (edited) {
      if (body !== edited.body) report(chat.client.messages.edit(chat.jid, edited.id, body));
      return chat.edit(undefined);
    }
    const replyTo = chat.replyTo()?.id;
    const sent = chat.client.messages.send(chat.jid, { body, ...(replyTo ? { replyTo } : {}) });
    // What this device could not keep comes back into the field.
    sent.catch(() => field.value || write(body));
    report(sent);
    chat.reply(undefined);
    write('');
    draft.flush();
    chat.list?.toEnd();
  };

  const lastOwn = () => chat.messages().findLast((message) => canEdit(message));
  /** The next one up or down that can be answered. */
  const chooseReply = (by: -1 | 1) => {
    const all = chat.messages().filter(canReply);
    const at = all.findIndex((message) => message.id === chat.replyTo()?.id);
    const next = all[(at < 0 ? all.length : at) + by];
    chat.reply(by > 0 && at < 0 ? undefined : next);
    if (next) chat.list?.show(next.id);
  };
  const keys = (event: KeyboardEvent) => {
    if (isEnter(event) && (fine() || event.ctrlKey)) {
      event.preventDefault();
      return submit();
    }
    const command = event.ctrlKey || event.metaKey;
    if (command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      chooseReply(event.key === 'ArrowUp' ? -1 : 1);
    } else if (event.key === 'ArrowUp' && !field.value && !event.altKey && !event.shiftKey) {
      const message = lastOwn();
      if (!message) return;
      event.preventDefault();
      chat.edit(message);
    }
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    // Office programs put a picture of the text beside the text: the text is meant.
    if (!pasted.length || event.clipboardData?.types.includes('text/plain')) return;
    event.preventDefault();
    addFiles(pasted);
  };
  const insert = (text: string) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
    draft.change(field.value);
    grow();
  };
  onCleanup(() => chat.client.messages.typing(chat.jid, false));

  return (
    <div class="composer">
      <ComposerStrip />
      <div class="composer-box">
        <Show when={!chat.editing() && features().upload}>
          <IconButton label={t('attach')} title={t('attach')} onClick={() => picker.click()}>
            <AttachIcon size={22} />
          </IconButton>
        </Show>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={() => {
            addFiles([...(picker.files ?? [])]);
            picker.value = '';
          }}
        />
        <textarea
          ref={field}
          rows="1"
          value={draft.initial}
          placeholder={t('writeTo', chat.name())}
          aria-label={t('writeTo', chat.name())}
          lang={languageOf(draft.text())}
          enterkeyhint={fine() ? 'send' : 'enter'}
          autocomplete="off"
          onInput={() => {
            draft.change(field.value);
            grow();
            if (!chat.editing()) chat.client.messages.typing(chat.jid, field.value !== '');
          }}
          onKeyDown={keys}
          onPaste={paste}
        />
        <Suspense
          fallback={
            <IconButton label={t('emoji')}>
              <SmileIcon size={22} />
            </IconButton>
          }
        >
          <EmojiButton onPick={insert} onClose={() => field.focus()} />
        </Suspense>
        <IconButton
          class="composer-send"
          kind="accent"
          label={chat.editing() ? t('save') : t('send')}
          title={chat.editing() ? t('save') : t('send')}
          disabled={!draft.text().trim()}
          onPointerDown={(event) => event.preventDefault()}
          onClick={submit}
        >
          <Show when={chat.editing()} fallback={<SendIcon />}>
            <CheckIcon />
          </Show>
        </IconButton>
      </div>
      <Show when={files().length}>
        <Suspense>
          <SendFiles
            files={files()}
            caption={draft.text().length > longest ? '' : draft.text()}
            onMore={() => picker.click()}
            onRemove={(file) => setFiles((all) => all.filter((one) => one !== file))}
            onClose={(sent) => {
              setFiles([]);
              if (sent) {
                write('');
                draft.flush();
                chat.reply(undefined);
              }
              field.focus();
            }}
          />
        </Suspense>
      </Show>
    </div>
  );
}
