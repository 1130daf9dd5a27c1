// The roster (RFC 6121), requests to become contacts, and the block list (0191), as they are told.
import { ClientError, type Jid } from '../api/base';
import type { Change } from '../api/client';
import type { Contact, ContactRequest, Contacts } from '../api/contacts';
import { bareOf } from '../base/jid';
import * as NS from '../base/ns';
import { Value } from '../base/store';
import type { Core, Module } from '../state/core';
import type { Incoming } from '../state/router';
import { x, type Element } from '../xml/element';
import type { Names } from './names';

/** As the server has it. */
export interface Item {
  readonly jid: Jid;
  readonly remark: string | null;
  readonly tags: readonly string[];
  readonly subscription: string;
  readonly ask: boolean;
}

const ITEM = 'item\t';
const REQUEST = 'request\t';
const BLOCKED = 'blocked';

export class Roster implements Module, Pick<Contacts, 'list' | 'requests' | 'blocked' | 'tags' | 'get'> {
  readonly claims = [
    { stanza: 'iq', type: 'set', child: [NS.roster, 'query'], from: 'account' },
    { stanza: 'iq', type: 'set', child: [NS.blocking, 'block'], from: 'account' },
    { stanza: 'iq', type: 'set', child: [NS.blocking, 'unblock'], from: 'account' },
    ...(['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed'] as const).map((type) => ({ stanza: 'presence', type, from: 'anyone' }) as const),
  ] as const;
  readonly list = new Value<readonly Contact[]>([]);
  readonly requests = new Value<readonly ContactRequest[]>([]);
  readonly blocked = new Value<readonly Jid[]>([]);
  readonly tags = new Value<readonly string[]>([]);
  readonly items = new Map<Jid, Item>();
  readonly asking = new Map<Jid, ContactRequest>();
  private readonly contacts = new Map<Jid, Contact>();
  private dirty = false;

  constructor(
    private readonly core: Core,
    private readonly names: Names,
  ) {
    core.shared.watch('contacts', (changes) => this.changed(changes));
    names.watch((jid) => this.items.has(jid) && this.show());
  }

  async load(): Promise<void> {
    this.changed(await this.core.shared.storage.range('contacts', '', '\uffff'));
    this.render();
  }

  async fresh(): Promise<void> {
    const query = (await this.core.get(x('query', { xmlns: NS.roster }))).child('query', NS.roster);
    const items = query?.all('item').flatMap((i) => parse(i) ?? []) ?? [];
    const there = new Set(items.map((i) => i.jid));
    const gone = [...this.items.keys()].filter((jid) => !there.has(jid)).map((jid): Change => ['contacts', ITEM + jid, undefined]);
    await this.core.shared.write([...gone, ...items.map((i): Change => ['contacts', ITEM + i.jid, i])]);
    if (this.core.features.get().blocking) await this.askBlocked();
  }

  private async askBlocked(): Promise<void> {
    const list = (await this.core.get(x('blocklist', { xmlns: NS.blocking }))).child('blocklist', NS.blocking);
    await this.core.shared.write([['contacts', BLOCKED, list?.all('item').map((i) => bareOf(i.attr('jid'))).sort() ?? []]]);
  }

  reset(): void {
    this.items.clear();
    this.asking.clear();
    this.contacts.clear();
    this.names.reset();
    this.blocked.set([]);
    this.show();
  }

  take({ stanza, payload, peer, mine }: Incoming): void {
    if (stanza.name === 'presence') {
      if (!mine) void this.subscription(stanza, peer).catch(this.core.trouble);
    } else if (payload.ns === NS.blocking) {
      // It changed, here or on another device.
      void this.askBlocked().catch(this.core.trouble);
    } else {
      const item = payload.child('item');
      const parsed = item && parse(item);
      const jid = bareOf(item?.attr('jid') ?? '');
      if (jid) void this.core.shared.write([['contacts', ITEM + jid, parsed ?? undefined]]).catch(this.core.trouble);
    }
  }

  private async subscription(stanza: Element, jid: Jid): Promise<void> {
    const type = stanza.attr('type');
    if (type === 'subscribed') return this.core.emit('accepted', { jid });
    if (type === 'unsubscribe') return this.answered(jid);
    if (type !== 'subscribe' || this.blocked.get().includes(jid)) return;
    // One asked them oneself: no need to be asked back.
    if (this.items.get(jid)?.ask || this.items.get(jid)?.subscription === 'to') return this.approve(jid);
    const before = this.asking.get(jid);
    const nickname = stanza.textOf('nick', NS.nick);
    if (nickname) this.names.setNickname(jid, nickname);
    const request: ContactRequest = {
      jid, name: nickname || this.names.of(jid), message: stanza.textOf('status').slice(0, 1000), time: before?.time ?? this.core.now(), postponed: before?.postponed ?? false,
    };
    await this.core.shared.write([['contacts', REQUEST + jid, request]]);
    if (!before) this.core.emit('request', { request });
  }

  get(jid: Jid): Contact | undefined {
    return this.contacts.get(jid);
  }

  /** Lets them see one's presence, and asks for theirs. */
  approve(jid: Jid): Promise<void> {
    this.presence(jid, 'subscribed');
    const item = this.items.get(jid);
    if (!item?.ask && !/^(to|both)$/.test(item?.subscription ?? '')) this.presence(jid, 'subscribe');
    return this.answered(jid);
  }

  answered(jid: Jid, later?: ContactRequest): Promise<void> {
    return this.core.shared.write([['contacts', REQUEST + jid, later]]);
  }

  presence(to: Jid, type: string, ...children: Parameters<typeof x>[2][]): void {
    if (!this.core.live) throw new ClientError('offline');
    this.core.send(x('presence', { to, type }, ...children));
  }

  // --- views -------------------------------------------------------------------------------------------------------

  private changed(changes: readonly (readonly [string, unknown])[]): void {
    for (const [key, value] of changes) {
      const jid = key.slice(key.indexOf('\t') + 1);
      if (key === BLOCKED) this.blocked.set((value as Jid[] | undefined) ?? []);
      else if (key.startsWith(REQUEST)) set(this.asking, jid, value as ContactRequest | undefined);
      else {
        set(this.items, jid, value as Item | undefined);
        this.names.setRemark(jid, (value as Item | undefined)?.remark ?? null);
      }
    }
    this.show();
  }

  /** Once for all changes of a turn: a roster of thousands comes as one. */
  private show(): void {
    if (this.dirty) return;
    this.dirty = true;
    queueMicrotask(() => this.dirty && this.render());
  }

  private render(): void {
    this.dirty = false;
    this.contacts.clear();
    for (const item of this.items.values()) this.contacts.set(item.jid, this.contact(item));
    this.list.set([...this.contacts.values()].sort((a, b) => (a.jid < b.jid ? -1 : 1)));
    this.requests.set([...this.asking.values()].sort((a, b) => b.time - a.time));
    this.tags.set([...new Set([...this.items.values()].flatMap((i) => i.tags))].sort());
  }

  private contact({ jid, remark, tags, subscription, ask }: Item): Contact {
    const relation = subscription === 'both' ? 'mutual' : subscription === 'to' ? 'i-follow' : ask ? 'waiting' : subscription === 'from' ? 'follows-me' : 'none';
    return { jid, name: this.names.of(jid), remark, tags, relation, blocked: this.blocked.get().includes(jid) };
  }
}

function parse(item: Element): Item | null {
  const jid = bareOf(item.attr('jid'));
  const subscription = item.attr('subscription') || 'none';
  if (!jid || subscription === 'remove') return null;
  return { jid, remark: item.attr('name') || null, tags: item.all('group').map((g) => g.text).filter(Boolean), subscription, ask: item.attr('ask') === 'subscribe' };
}

function set<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
