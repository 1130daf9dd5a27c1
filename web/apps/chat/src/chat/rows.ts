// The timeline's messages as rows that keep their identity: a change of one message redraws that message only.
import type { Message } from '@magpie/client';
import { batch, createComputed, createSignal, on, type Accessor } from 'solid-js';
import { arrange, samePlace, type Place } from './rules/arrange';

export interface Row {
  readonly id: string;
  readonly message: Accessor<Message>;
  readonly place: Accessor<Place>;
}

interface KeptRow extends Row {
  readonly setMessage: (message: Message) => void;
  readonly setPlace: (place: Place) => void;
}

function makeRow(first: Message, at: Place): KeptRow {
  const [message, setMessage] = createSignal(first);
  const [place, setPlace] = createSignal(at, { equals: samePlace });
  return { id: first.id, message, place, setMessage: (next) => setMessage(() => next), setPlace: (next) => setPlace(next) };
}

export interface Rows {
  readonly all: Accessor<readonly Row[]>;
  /** The last change put rows before the first one: the list keeps its distance from the end. */
  readonly shift: Accessor<boolean>;
}

/** How many of the new rows stand before what was the first one. */
function prepended(before: readonly Row[], now: readonly Row[]): number {
  const first = before[0];
  return first ? Math.max(0, now.indexOf(first)) : 0;
}

export function createRows(messages: Accessor<readonly Message[]>, firstUnread: Accessor<string | null>): Rows {
  const [all, setAll] = createSignal<readonly Row[]>([]);
  const [shift, setShift] = createSignal(false);
  let kept = new Map<string, KeptRow>();

  const put = (rows: readonly Row[], before: boolean) =>
    batch(() => {
      setShift(before);
      setAll(rows);
    });

  const follow = (list: readonly Message[], unread: string | null): void => {
    const places = arrange(list, unread);
    const next = new Map<string, KeptRow>();
    const rows = list.map((message, at) => {
      const place = places[at] as Place;
      const row = kept.get(message.id) ?? makeRow(message, place);
      row.setMessage(message);
      row.setPlace(place);
      next.set(message.id, row);
      return row;
    });
    kept = next;
    const before = all();
    if (rows.length === before.length && rows.every((row, at) => row === before[at])) return;
    const added = prepended(before, rows);
    // History above and news below in one change are two for the list, which keeps its place from one end at a time.
    if (added && rows.length > added + before.length) put(rows.slice(0, added + before.length), true);
    put(rows, added > 0 && rows.length === added + before.length);
  };
  createComputed(on([messages, firstUnread], ([list, unread]) => batch(() => follow(list, unread))));
  return { all, shift };
}
