// The menu of a conversation's row, and the question before blocking. Loaded when it is first asked for.
import type { Client, Conversation } from '@magpie/client';
import { BellIcon, BlockIcon, HideIcon, MuteIcon, PinIcon, toast, UnreadIcon, UserIcon } from '@magpie/ui';
import { Confirm } from '@magpie/ui/dialog';
import { ContextMenu, type MenuItems, type Place } from '@magpie/ui/menu';
import { createSignal, Show, type JSX } from 'solid-js';
import { errorText } from '../errors';
import { navigate, route, toChat, toTab } from '../router';
import { useClient } from '../state/client';
import { markRead } from './mark-read';
import { t } from './text';

export interface RowMenuProps {
  readonly place: Place | undefined;
  /** The row that was asked. It stays while the menu closes. */
  readonly jid: string;
  readonly onClose: () => void;
}

const tell = (error: unknown) => toast(errorText(error), { kind: 'danger' });

function hide(client: Client, { jid, name }: Conversation): void {
  client.conversations.hide(jid).then(
    () => toast(t('hidden', name), { action: { label: t('undo'), run: () => client.conversations.begin(jid) } }),
    tell,
  );
  const at = route();
  if (at.tab === 'chats' && at.jid === jid) navigate(toTab('chats'), { replace: true });
}

function itemsOf(client: Client, row: Conversation, block: () => void): MenuItems {
  const { jid, pinned, muted, unread, marked } = row;
  const { conversations } = client;
  const run = (act: () => Promise<unknown>) => () => void act().catch(tell);
  const isUnread = unread > 0 || marked;
  return [
    { label: t(pinned ? 'unpin' : 'pin'), icon: PinIcon, onSelect: run(() => conversations.setPinned(jid, !pinned)) },
    {
      label: t(muted ? 'unmute' : 'mute'),
      icon: muted ? BellIcon : MuteIcon,
      onSelect: run(() => conversations.setMuted(jid, !muted)),
    },
    {
      label: t(isUnread ? 'markRead' : 'markUnread'),
      icon: UnreadIcon,
      onSelect: run(() => (isUnread ? markRead(client, row) : conversations.setMarked(jid, true))),
    },
    { label: t('details'), icon: UserIcon, onSelect: () => navigate(toChat(jid, 'info')) },
    undefined,
    { label: t('hide'), icon: HideIcon, onSelect: () => hide(client, row) },
    { label: t('block'), icon: BlockIcon, danger: true, onSelect: block },
  ];
}

export default function RowMenu(props: RowMenuProps): JSX.Element {
  const client = useClient();
  const [blocking, setBlocking] = createSignal<Conversation>();
  const row = () => client.conversations.get(props.jid);
  return (
    <>
      <Show when={row()}>
        {(known) => (
          <ContextMenu
            at={props.place}
            label={t('rowMenu', known().name)}
            items={itemsOf(client, known(), () => setBlocking(known()))}
            onClose={props.onClose}
            onFocusBack={() => document.querySelector<HTMLElement>(`.chat-list [data-jid="${CSS.escape(props.jid)}"]`)?.focus()}
          />
        )}
      </Show>
      <Confirm
        open={blocking() !== undefined}
        onClose={() => setBlocking(undefined)}
        title={t('blockTitle', blocking()?.name ?? '')}
        text={t('blockText')}
        action={t('block')}
        danger
        onConfirm={() => client.contacts.block(blocking()?.jid ?? '').catch(tell)}
      />
    </>
  );
}
