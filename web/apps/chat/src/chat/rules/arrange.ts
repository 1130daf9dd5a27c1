// Where each message stands among its neighbours: day separators, the "new messages" divider, and groups of one author.
import type { Message } from '@magpie/client';

export interface Place {
  /** A new day begins with it. */
  readonly day: boolean;
  /** The first one that was unread. */
  readonly unread: boolean;
  /** Ends of its group: bubbles of one author within five minutes stand close together. */
  readonly first: boolean;
  readonly last: boolean;
}

type Spoken = Pick<Message, 'id' | 'author' | 'time' | 'recalled'>;

const groupMs = 5 * 60_000;
const dayOf = (time: number) => new Date(time).toDateString();
const sameDay = (one: number, other: number) => Math.abs(one - other) < 86_400_000 && dayOf(one) === dayOf(other);

function joins(one: Spoken, next: Spoken): boolean {
  return one.author === next.author && next.time - one.time <= groupMs && !one.recalled && !next.recalled;
}

export function arrange(messages: readonly Spoken[], firstUnread: string | null): Place[] {
  const places: Place[] = [];
  messages.forEach((message, at) => {
    const before = messages[at - 1];
    const day = !before || !sameDay(before.time, message.time);
    const unread = message.id === firstUnread;
    const first = day || unread || !before || !joins(before, message);
    const previous = places[at - 1];
    if (previous) places[at - 1] = { ...previous, last: first };
    places.push({ day, unread, first, last: true });
  });
  return places;
}

export const samePlace = (one: Place, other: Place): boolean =>
  one.day === other.day && one.unread === other.unread && one.first === other.first && one.last === other.last;
