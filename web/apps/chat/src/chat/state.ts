// What is going on in the open conversation: its timeline, and what the person is doing with which message.
import type { Client, Message, Timeline } from '@magpie/client';
import type { Place } from '@magpie/ui/menu';
import { toast } from '@magpie/ui';
import { createContext, createSelector, createSignal, onCleanup, useContext } from 'solid-js';
import { errorText } from '../errors';
import { fromStore } from '../state/signal';
import { createRows, type Rows } from './rows';
import { searchWords } from './rules/words';
import { t } from './text';

export interface OpenMenu {
  readonly message: Message;
  readonly at: Place;
  /** `reactions`: only the row of emoji; `picker`: all of them. */
  readonly kind: 'all' | 'reactions' | 'picker';
}

/** How the timeline is moved from outside it. */
export interface TimelineHandle {
  readonly show: (id: string) => void;
  readonly toEnd: () => void;
  readonly focus: () => void;
}

/** What the composer offers to the rest. */
export interface ComposerHandle {
  readonly focus: () => void;
  readonly addFiles: (files: readonly File[]) => void;
}

export type Chat = ReturnType<typeof createChat>;

/** Tells of a failed promise and goes on. */
export function report(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => toast(errorText(error), { kind: 'danger' }));
}

function createDoing() {
  const [replyTo, setReplyTo] = createSignal<Message>();
  const [editing, setEditing] = createSignal<Message>();
  const [menu, setMenu] = createSignal<OpenMenu>();
  const [selection, setSelection] = createSignal<ReadonlySet<string>>();
  const [viewing, setViewing] = createSignal<string>();
  const [forwarding, setForwarding] = createSignal<readonly string[]>();
  const [asking, setAsking] = createSignal<{ readonly what: 'recall' | 'delete'; readonly ids: readonly string[] }>();
  const toggle = (id: string) =>
    setSelection((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return {
    replyTo,
    reply: (message: Message | undefined) => {
      setEditing(undefined);
      setReplyTo(message);
    },
    editing,
    edit: (message: Message | undefined) => {
      setReplyTo(undefined);
      setEditing(message);
    },
    menu,
    setMenu,
    /** Ids chosen; undefined: not choosing. */
    selection,
    setSelection,
    toggle,
    viewing,
    setViewing,
    forwarding,
    setForwarding,
    asking,
    setAsking,
  };
}

function createSearching() {
  const [searching, setSearching] = createSignal(false);
  const [query, setQuery] = createSignal('');
  return { searching, setSearching, query, setQuery, marks: () => (searching() ? searchWords(query()) : []) };
}

function createTimeline(client: Client, jid: string) {
  const [timeline, setTimeline] = createSignal<Timeline>();
  const [messages, setMessages] = createSignal<readonly Message[]>([]);
  const [firstUnread, setFirstUnread] = createSignal<string | null>(null);
  let gone = false;
  const stops: (() => void)[] = [];
  const opened = (open: Timeline) => {
    if (gone) return open.close();
    stops.push(open.messages.subscribe((next) => setMessages(next)), () => open.close());
    setFirstUnread(open.firstUnread);
    setMessages(open.messages.get());
    setTimeline(open);
  };
  report(client.messages.open(jid).then(opened));
  onCleanup(() => {
    gone = true;
    stops.forEach((stop) => stop());
  });
  return { timeline, messages, firstUnread, setFirstUnread };
}

/** For the life of the pane. */
export function createChat(client: Client, jid: string) {
  const opened = createTimeline(client, jid);
  const rows: Rows = createRows(opened.messages, opened.firstUnread);
  const conversation = fromStore(client.conversations.of(jid));
  const own = fromStore(client.profiles.own);
  const [active, setActive] = createSignal<string>();
  const [flashed, setFlashed] = createSignal<string>();
  const [hovered, setHovered] = createSignal<string>();
  const chat = {
    client,
    jid,
    ...opened,
    rows,
    conversation,
    ...createDoing(),
    ...createSearching(),
    /** The message that has or gets the focus. */
    active,
    setActive,
    isActive: createSelector(active),
    isFlashed: createSelector(flashed),
    flash: (id: string) => {
      setFlashed(undefined);
      requestAnimationFrame(() => setFlashed(id));
    },
    setHovered,
    isHovered: createSelector(hovered),
    name: (): string => conversation()?.name ?? client.contacts.get(jid)?.name ?? nodeOf(jid),
    nameOf: (author: string): string =>
      author === jid ? chat.name() : (client.contacts.get(author)?.name ?? (author === own().jid ? t('you') : nodeOf(author))),
    list: undefined as TimelineHandle | undefined,
    composer: undefined as ComposerHandle | undefined,
    /** After a menu or dialog: to the field while something is answered or edited there, else to the message it was about. */
    focusBack: (): void => {
      if (chat.menu() || chat.asking() || chat.forwarding() || chat.viewing()) return;
      if (chat.replyTo() || chat.editing() || !chat.active()) chat.composer?.focus();
      else chat.list?.focus();
    },
    /** Goes to a message, loading what lies between, and lights it up. */
    reveal: async (reference: string): Promise<void> => {
      const message = await opened.timeline()?.reveal(reference);
      if (!message) return toast(t('notFound'));
      chat.list?.show(message.id);
      chat.flash(message.id);
    },
  };
  return chat;
}

const nodeOf = (jid: string): string => jid.slice(0, Math.max(0, jid.indexOf('@'))) || jid;

const ChatContext = createContext<Chat>();
export const ChatProvider = ChatContext.Provider;

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error('used outside a conversation');
  return chat;
}

