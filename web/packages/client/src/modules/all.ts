// Every module, in the order in which a new session brings them up to date.
import type { ClientOptions } from '../api/client';
import { Archive } from '../messages/archive';
import { Outbox } from '../messages/outbox';
import { Talk } from '../messages/talk';
import { Typing } from '../messages/typing';
import { Uploads } from '../messages/uploads';
import type { Core, Module } from '../state/core';
import { Life } from '../state/life';
import { ConversationList } from './conversations';
import { Roster } from './contacts';
import { Inbox } from './inbox';
import { Names } from './names';
import { PresenceBoard } from './presence';
import { PrivacyBoard } from './privacy';
import { ProfileBook } from './profiles';
import { Service } from './service';

/** Conversations that are read before they are opened. */
const AHEAD = 20;

/** What commands work with. */
export type Kit = ReturnType<typeof makeModules>;

export function makeModules(core: Core, options: ClientOptions, upload: Uploads['upload']) {
  const names = new Names();
  const archive = new Archive(core);
  const outbox = new Outbox(core, archive);
  const typing = new Typing(core);
  const messages = new Talk(core, outbox, archive, typing);
  const conversations = new ConversationList(core, messages.cache, names);
  const profiles = new ProfileBook(core, names);
  const contacts = new Roster(core, names);
  const presence = new PresenceBoard(core);
  const privacy = new PrivacyBoard(core);
  const uploads = new Uploads(core, messages.cache, messages.journal, outbox, upload);
  messages.uploads = uploads;
  messages.listener = conversations;
  // The inbox counts what is unread before presence lets live messages in, which are counted on top of it.
  const inbox = new Inbox(core, conversations, archive, messages.history);
  const reopen: Module = { fresh: () => messages.catchUpOpen() };
  // The newest conversations are there when one opens them without a network, and who wrote sees that it arrived.
  const ahead: Module = {
    fresh: async () => {
      // What will be needed without a network.
      import('../commands/all').catch(core.trouble);
      if (core.features.get().inbox) void messages.catchUp(conversations.list.get().slice(0, AHEAD).map((c) => c.jid));
    },
  };
  const service = new Service(core, options.device?.software ?? 'Magpie');
  const inOrder: readonly Module[] = [service, messages, archive, inbox, presence, reopen, contacts, conversations, typing, outbox, uploads, profiles, privacy, ahead];
  return { core, inOrder, life: new Life(core, inOrder, options), messages, conversations, contacts, profiles, presence, privacy, outbox, uploads };
}
