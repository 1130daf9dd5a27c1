// Sample conversations and messages in memory; what is sent goes through its states, and 王小明 answers.
import { cell, cells, answer, type Cell } from './cell';
import { me, names } from './people';
import { sampleTalks } from './sample';
import { scenes } from './scene';
import type { ClientEvents } from '../../../../packages/client/src/api/base';
import type {
  Conversation,
  Conversations,
  Files,
  Message,
  Messages,
  MessageState,
  Preview,
  Progress,
  Timeline,
  TimelineStatus,
} from '../../../../packages/client/src/api/messages';

const talks = new Map<string, Cell<readonly Message[]>>(
  Object.entries(scenes.empty ? {} : sampleTalks()).map(([jid, list]) => [jid, cell(list)]),
);
const talk = (jid: string) => {
  let found = talks.get(jid);
  if (!found) talks.set(jid, (found = cell<readonly Message[]>([])));
  return found;
};

function preview(message: Message | undefined): Preview | null {
  if (!message) return null;
  const [family] = message.files[0]?.type.split('/') ?? [];
  const kind = message.recalled
    ? 'recalled'
    : message.encrypted
      ? 'encrypted'
      : family === 'image' || family === 'video' || family === 'audio'
        ? family
        : message.files.length
          ? 'file'
          : 'text';
  return { id: message.id, mine: message.mine, kind, text: message.body || (message.files[0]?.name ?? ''), state: message.state };
}

const special: Readonly<Record<string, Partial<Conversation>>> = {
  'wang@localhost': { pinned: true },
  'chen@localhost': { unread: 2 },
  'mama@localhost': { unread: 3 },
  'rust@localhost': { unread: 12, muted: true },
  'emma@localhost': { draft: '周末一起吃饭吗？' },
  'lin@localhost': { marked: true },
  'bob@localhost': { typing: true },
};

const conversation = (jid: string): Conversation => ({
  jid,
  kind: 'person',
  name: names[jid] ?? jid,
  unread: 0,
  pinned: false,
  muted: false,
  marked: false,
  draft: '',
  typing: false,
  last: preview(talk(jid).get().at(-1)),
  time: talk(jid).get().at(-1)?.time ?? Date.now(),
  ...special[jid],
});
const sorted = (all: readonly Conversation[]) => [...all].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.time - a.time);

const list = cell<readonly Conversation[]>(sorted([...talks.keys()].map(conversation)));
const count = (all: readonly Conversation[]) =>
  all.reduce((sum, one) => sum + (one.muted ? 0 : one.unread || Number(one.marked)), 0);
const unread = cell(count(list.get()));
const one = cells<Conversation | null>((jid) => list.get().find((known) => known.jid === jid) ?? null);
list.subscribe((all) => {
  unread.set(count(all));
  for (const known of all) one(known.jid).set(known);
});
const change = (jid: string, part: Partial<Conversation>) =>
  list.update((all) => sorted(all.map((known) => (known.jid === jid ? { ...known, ...part } : known))));

export const conversations: Conversations = {
  list,
  unread,
  get: (jid) => list.get().find((known) => known.jid === jid),
  of: one,
  begin: (jid) => {
    if (!list.get().some((known) => known.jid === jid)) list.update((all) => sorted([...all, conversation(jid)]));
  },
  setPinned: async (jid, pinned) => change(jid, { pinned }),
  setMuted: async (jid, muted) => change(jid, { muted }),
  setMarked: async (jid, marked) => change(jid, { marked }),
  hide: async (jid) => list.update((all) => all.filter((known) => known.jid !== jid)),
  setDraft: async (jid, draft) => change(jid, { draft }),
};

const ringers = new Set<(event: ClientEvents['message']) => void>();
export const listenToMessages = (ring: (event: ClientEvents['message']) => void) => {
  ringers.add(ring);
  return () => ringers.delete(ring);
};

function put(jid: string, message: Message): void {
  talk(jid).update((all) => [...all, message]);
  conversations.begin(jid);
  change(jid, { last: preview(message), time: message.time });
}
function patch(jid: string, id: string, part: Partial<Message>): void {
  talk(jid).update((all) => all.map((message) => (message.id === id ? { ...message, ...part } : message)));
  const newest = talk(jid).get().at(-1);
  if (newest?.id === id) change(jid, { last: preview(newest) });
}

async function travel(jid: string, id: string): Promise<void> {
  for (const state of ['sent', 'delivered', 'read'] as const satisfies readonly MessageState[]) {
    await answer(0, 400);
    patch(jid, id, { state, error: null });
  }
  if (jid !== 'wang@localhost') return;
  change(jid, { typing: true });
  await answer(0, 1500);
  change(jid, { typing: false });
  const reply: Message = { ...blank(jid), author: jid, mine: false, state: 'delivered', body: '收到！' };
  put(jid, reply);
  for (const ring of ringers) ring({ conversation: jid, message: reply, muted: false, leads: true });
}

const blank = (jid: string): Message => ({
  id: crypto.randomUUID(),
  conversation: jid,
  author: me,
  mine: true,
  time: Date.now(),
  body: '',
  files: [],
  reply: null,
  reactions: [],
  edited: false,
  recalled: false,
  forwarded: null,
  encrypted: false,
  state: 'sending',
  error: null,
});

const progressOf = cells<Progress | null>(() => null);

const pageSize = 50;

export const messages: Messages = {
  open: async (jid): Promise<Timeline> => {
    const status = cell<TimelineStatus>({ loading: false, atStart: !scenes.paged, current: !scenes.offline, error: null });
    const behind = conversations.get(jid)?.unread ?? 0;
    const firstUnread = behind ? (talk(jid).get().at(-behind)?.id ?? null) : null;
    let from = scenes.paged ? Math.max(0, talk(jid).get().length - pageSize) : 0;
    const shown = cell<readonly Message[]>([]);
    const window = () => shown.set(from ? talk(jid).get().slice(from) : talk(jid).get());
    window();
    const stop = talk(jid).subscribe(window);
    return {
      conversation: jid,
      messages: shown,
      status,
      older: async () => {
        if (status.get().loading || status.get().atStart) return false;
        status.set({ ...status.get(), loading: true });
        await answer(0, 300);
        from = Math.max(0, from - pageSize);
        window();
        status.set({ ...status.get(), loading: false, atStart: from === 0 });
        return from > 0;
      },
      reveal: async (id) =>
        talk(jid)
          .get()
          .find((message) => message.id === id) ?? null,
      firstUnread,
      close: stop,
    };
  },
  send: async (jid, draft) => {
    const answered = talk(jid)
      .get()
      .find((message) => message.id === draft.replyTo);
    const message: Message = {
      ...blank(jid),
      body: draft.body ?? '',
      files: (draft.files ?? []).map((file) => ({
        name: file.name,
        type: file.blob.type,
        size: file.blob.size,
        width: file.width ?? null,
        height: file.height ?? null,
        duration: file.duration ?? null,
        url: '',
        thumbnail: null,
        local: file.blob,
      })),
      reply: answered ? { id: answered.id, reference: answered.id, author: answered.author, preview: answered.body } : null,
    };
    put(jid, message);
    if (!scenes.offline) void travel(jid, message.id);
    return [message.id];
  },
  retry: async (jid, id) => {
    patch(jid, id, { state: 'sending', error: null });
    void travel(jid, id);
  },
  cancel: async (jid, id) => talk(jid).update((all) => all.filter((message) => message.id !== id)),
  edit: async (jid, id, body) => patch(jid, id, { body, edited: true }),
  recall: async (jid, id) => patch(jid, id, { body: '', files: [], recalled: true }),
  remove: async (jid, id) => talk(jid).update((all) => all.filter((message) => message.id !== id)),
  react: async (jid, id, emoji) => {
    const old =
      talk(jid)
        .get()
        .find((message) => message.id === id)?.reactions ?? [];
    const others = old.map((each) => ({ ...each, by: each.by.filter((who) => who !== me), mine: false }));
    const mine = emoji.map((each) => ({
      emoji: each,
      by: [...(others.find((other) => other.emoji === each)?.by ?? []), me],
      mine: true,
    }));
    patch(jid, id, { reactions: [...others.filter((other) => other.by.length && !emoji.includes(other.emoji)), ...mine] });
  },
  forward: async (from, ids, to) => {
    for (const jid of to)
      for (const message of talk(from)
        .get()
        .filter((each) => ids.includes(each.id))) {
        put(jid, {
          ...blank(jid),
          body: message.body,
          files: message.files,
          forwarded: { name: names[message.author] ?? 'Alice Zhou' },
          state: 'sent',
        });
      }
  },
  typing: () => undefined,
  displayed: async (jid) => change(jid, { unread: 0, marked: false }),
  search: (jid, words) =>
    answer({
      hits: talk(jid)
        .get()
        .filter((message) => message.body.toLowerCase().includes(words.toLowerCase()))
        .reverse(),
      more: null,
    }),
  progress: progressOf,
  waiting: cell(0),
};

export const files: Files = {
  upload: (file) => answer(URL.createObjectURL(file.blob)),
  info: () => answer({ type: 'image/png', size: 1, width: null, height: null }),
};
