// To whom messages are forwarded: recent chats and contacts, one or many.
import { Avatar, Button, CheckIcon, EmptyState, PeopleIcon, SearchField, toast } from '@magpie/ui';
import { Dialog } from '@magpie/ui/dialog';
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js';
import { errorText } from '../errors';
import { matchesName } from '../state/names';
import { fromStore } from '../state/signal';
import { useChat } from './state';
import { t } from './text';
import './forward.css';

interface Target {
  readonly jid: string;
  readonly name: string;
}

export default function Forward(): JSX.Element {
  const chat = useChat();
  const conversations = fromStore(chat.client.conversations.list);
  const contacts = fromStore(chat.client.contacts.list);
  const [query, setQuery] = createSignal('');
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = createSignal(false);
  const targets = createMemo<readonly Target[]>(() => {
    const recent = conversations().map(({ jid, name }) => ({ jid, name }));
    const known = new Set(recent.map((one) => one.jid));
    return [...recent, ...contacts().filter((one) => !one.blocked && !known.has(one.jid))];
  });
  const shown = () => targets().filter((one) => matchesName(one.name, one.jid, query()));
  const toggle = (jid: string) =>
    setChosen((all) => {
      const next = new Set(all);
      if (!next.delete(jid)) next.add(jid);
      return next;
    });
  const close = () => chat.setForwarding(undefined);
  const send = async () => {
    setBusy(true);
    try {
      await chat.client.messages.forward(chat.jid, chat.forwarding() ?? [], [...chosen()]);
      toast(t('forwarded'));
      chat.setSelection(undefined);
      close();
    } catch (error) {
      toast(errorText(error), { kind: 'danger' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      size="large"
      onClose={close}
      title={t('forwardTitle', chat.forwarding()?.length ?? 1)}
      actions={
        <Button kind="primary" busy={busy()} disabled={!chosen().size} onClick={() => void send()}>
          {t('sendTo', chosen().size)}
        </Button>
      }
    >
      <SearchField label={t('findPerson')} value={query()} onValue={setQuery} autofocus />
      <div class="forward-list" role="group" aria-label={t('findPerson')}>
        <For each={shown()} fallback={<EmptyState icon={<PeopleIcon size={28} />} title={t('nobody')} />}>
          {(one) => (
            <button type="button" class="ui-row" role="checkbox" aria-checked={chosen().has(one.jid)} onClick={() => toggle(one.jid)}>
              <Avatar name={one.name} seed={one.jid} picture={chat.client.profiles.of(one.jid).get().avatar?.blob} size={36} />
              <span class="ui-row-main">
                <bdi class="ui-row-title">{one.name}</bdi>
                <span class="ui-row-text">{one.jid}</span>
              </span>
              <span class="message-check" aria-hidden="true">
                <Show when={chosen().has(one.jid)}>
                  <CheckIcon size={16} />
                </Show>
              </span>
            </button>
          )}
        </For>
      </div>
    </Dialog>
  );
}
