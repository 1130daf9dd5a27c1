// What Ctrl+K shows for what was typed: people and chats first, names that begin with the words before others; then commands.
import type { Contact, Conversation, Jid } from '@magpie/client';
import { findPeople } from '../conversations/filter';
import { matchesName } from '../state/names';

export interface Person {
  readonly kind: 'person';
  readonly jid: Jid;
  readonly name: string;
  readonly unread: number;
  readonly muted: boolean;
}

export interface Command {
  readonly kind: 'command';
  readonly id: string;
  readonly title: string;
  /** Other words it is found by, in English: people type those in any language. */
  readonly alias: string;
  readonly run: () => void;
}

export interface Hits {
  readonly people: readonly Person[];
  readonly commands: readonly Command[];
}

const recent = 5;
const mostPeople = 20;

const person = ({ jid, name }: Contact): Person => ({ kind: 'person', jid, name, unread: 0, muted: false });
const talk = ({ jid, name, unread, muted }: Conversation): Person => ({ kind: 'person', jid, name, unread, muted });

export interface Sources {
  readonly conversations: readonly Conversation[];
  readonly contacts: readonly Contact[];
  readonly commands: readonly Command[];
  readonly nicknameOf?: (jid: Jid) => string | null;
}

/** With nothing typed: where one most likely goes, and what can be done. */
export function findHits(typed: string, { conversations, contacts, commands, nicknameOf }: Sources): Hits {
  const words = typed.trim();
  if (!words) return { people: conversations.slice(0, recent).map(talk), commands };
  const found = findPeople(words, conversations, contacts, nicknameOf);
  return {
    people: [...found.conversations.map(talk), ...found.people.map(person)].slice(0, mostPeople),
    commands: commands.filter(({ title, alias }) => matchesName(title, alias, words)),
  };
}
