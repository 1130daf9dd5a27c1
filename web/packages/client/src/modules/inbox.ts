// XEP-0430 with Magpie's additions: the server's own list of conversations. Where a server has none, the list is made
// from the newest messages of the archive.
import type { Jid } from '../api/base';
import { newId } from '../base/bytes';
import { bareOf } from '../base/jid';
import * as NS from '../base/ns';
import { archivedIn, type Archive, type Archived } from '../messages/archive';
import { ORDER, previewOf, side, type Entry } from '../messages/entry';
import { heardIn, type History } from '../messages/history';
import type { SaidMessage } from '../messages/read';
import type { Core, Module } from '../state/core';
import type { Incoming } from '../state/router';
import { x, type Element } from '../xml/element';
import type { ConversationList, Talked } from './conversations';

export class Inbox implements Module {
  readonly claims = [
    { stanza: 'message', child: [NS.inbox, 'entry'], from: 'account' },
    { stanza: 'message', child: [NS.ownInbox, 'conversation'], from: 'account' },
  ] as const;
  /** The last question, and what came for it. */
  private asked?: { readonly id: string; readonly entries: Element[] };

  constructor(
    readonly core: Core,
    readonly conversations: ConversationList,
    readonly archive: Archive,
    readonly history: History,
  ) {}

  async fresh(): Promise<void> {
    const features = this.core.features.get();
    if (features.inbox) await this.fetch();
    else if (features.history) await (await import('../commands/all')).listRecent(this);
  }

  take({ stanza, payload }: Incoming): void {
    if (payload.ns === NS.ownInbox) return this.pushed(payload);
    const result = stanza.child('result', NS.mam);
    if (this.asked && (result?.attr('queryid') ?? this.asked.id) === this.asked.id) this.asked.entries.push(stanza);
  }

  private pushed(conversation: Element): void {
    const jid = bareOf(conversation.attr('jid'));
    if (!jid) return;
    const unread = conversation.attr('unread');
    this.conversations.update(jid, { ...flags(conversation), ...(unread && { unread: Number(unread) || 0 }), ...(conversation.attr('hidden') === '1' && { hidden: true }) });
  }

  /** Page by page, the newest first. */
  private async fetch(after = '', there = new Set<Jid>()): Promise<void> {
    const { id, entries } = (this.asked = { id: newId(), entries: [] as Element[] });
    const answer = await this.core.request(x('iq', { type: 'get', id }, x('inbox', { xmlns: NS.inbox }, after && x('set', { xmlns: NS.rsm }, x('after', {}, after)))));
    const page = entries.map((entry) => this.entry(entry));
    for (const [jid] of page) there.add(jid);
    const set = answer.child('fin', NS.inbox)?.child('set', NS.rsm);
    const last = there.size < Number(set?.textOf('count')) && set!.textOf('last');
    if (!last) for (const { jid, unread } of this.conversations.list.get()) if (unread && !there.has(jid)) page.push([jid, { unread: 0 }]);
    this.conversations.learn(page);
    if (last) await this.fetch(last, there);
  }

  private entry(stanza: Element): [Jid, Partial<Talked>] {
    const entry = stanza.child('entry', NS.inbox)!;
    const jid = bareOf(entry.attr('jid'));
    if (entry.attr('id')) this.history.newestIs(jid, entry.attr('id'));
    const result = stanza.child('result', NS.mam);
    const archived = result && archivedIn(result);
    const more = entry.child('conversation', NS.ownInbox);
    return [jid, { hidden: false, unread: Number(entry.attr('unread')) || 0, ...(more && flags(more)), ...(archived && this.last(jid, archived)) }];
  }

  /** What to show of the newest message, without keeping it: the conversation may never be opened here. */
  private last(jid: Jid, archived: Archived): Partial<Talked> {
    const heard = heardIn(archived, jid, this.core.me).find((h) => h.said.kind === 'message');
    const known = this.conversations.known(jid);
    if (!heard) return known?.last ? {} : { time: archived.time };
    const id = side(heard.mine) + (heard.originId || heard.stanzaId || heard.archiveId);
    if (known?.last?.id === id) return {};
    const order = archived.time * ORDER;
    if (known && known.lastOrder > order && known.last?.mine && known.last.state === 'sending') return {};
    const said = heard.said as SaidMessage;
    const entry = { ...said, id, mine: heard.mine, state: heard.mine ? 'sent' : 'delivered' } as unknown as Entry;
    return { last: previewOf(entry), lastOrder: order, time: archived.time };
  }
}

/** An attribute that is absent changes nothing. */
function flags(element: Element): Partial<Pick<Talked, 'pinned' | 'muted' | 'marked'>> {
  const found: Record<string, boolean> = {};
  for (const name of ['pinned', 'muted', 'marked']) if (element.attr(name)) found[name] = element.attr(name) === '1';
  return found;
}
