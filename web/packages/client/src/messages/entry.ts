// A message as this device keeps it: what the app sees, and what is needed to find and order it.
import type { Jid } from '../api/base';
import type { Message, MessageFile, Preview, Reaction } from '../api/messages';

export interface Entry extends Message {
  /** Where it stands in its conversation: microseconds, unique enough together with `id`. */
  readonly order: number;
  readonly archiveId: string | null;
  /** How others refer to it (0461 §3, 0444, 0424): origin-id, else the stanza's id. */
  readonly reference: string;
  /** The stanza's id: markers, receipts and corrections name it so. */
  readonly stanzaId: string;
  readonly reactors: Readonly<Record<Jid, { readonly emoji: readonly string[]; readonly time: number }>>;
  /** When the text was last replaced; 0: never. */
  readonly editTime: number;
  /** What was or will be sent, while it may have to be sent again. */
  readonly wire: string | null;
  /** The sender wants to know that it arrived. */
  readonly wantsReceipt: boolean;
}

/** Mine begin with `>`, others with `<`: an id that somebody else chose cannot hide one of mine. */
export const side = (mine: boolean): string => (mine ? '>' : '<');

export const ORDER = 1000;
export const keyOf = (jid: Jid, order: number, id = ''): string => `${jid}\t${String(order).padStart(16, '0')}\t${id}`;
export const recordKey = (r: Entry): string => keyOf(r.conversation, r.order, r.id);

export const byOrder = (a: Entry, b: Entry): number => a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

export function reactionsOf(reactors: Entry['reactors'], me: Jid): readonly Reaction[] {
  const by = new Map<string, Jid[]>();
  for (const [jid, { emoji }] of Object.entries(reactors)) for (const one of emoji) by.set(one, [...(by.get(one) ?? []), jid]);
  return [...by].map(([emoji, jids]) => ({ emoji, by: jids, mine: jids.includes(me) }));
}

/** What the list shows of it. */
export function previewOf(r: Entry): Preview {
  const { id, mine, state } = r;
  const file = r.files[0];
  if (r.recalled) return { id, mine, state, kind: 'recalled', text: '' };
  if (r.encrypted) return { id, mine, state, kind: 'encrypted', text: '' };
  if (file) return { id, mine, state, kind: fileKind(file), text: r.body || file.name };
  return { id, mine, state, kind: 'text', text: firstWords(r.body) };
}

export function fileKind({ type }: Pick<MessageFile, 'type'>): 'image' | 'video' | 'audio' | 'file' {
  return (/^(image|video|audio)\//.exec(type)?.[1] as 'image') ?? 'file';
}

export function firstWords(body: string, length = 160): string {
  const line = body.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${[...line].slice(0, length).join('')}…` : line;
}

const RANK = { uploading: 0, sending: 0, failed: 1, sent: 2, delivered: 3, read: 4 } as const;
/** States only go forward: a late receipt does not take back "read". */
export const furtherThan = (a: Message['state'], b: Message['state']): boolean => RANK[a] > RANK[b];

/** What the peer is said to have read or not: with a body or files, not an update of another message. */
export const counts = (r: Entry): boolean => !r.mine && !r.recalled;
