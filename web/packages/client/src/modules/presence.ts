// Who is there: availability (RFC 6121 §4), idle times (0319), last activity (0012).
import type { Jid } from '../api/base';
import type { Presence, PresenceModule } from '../api/contacts';
import { resourceOf } from '../base/jid';
import * as NS from '../base/ns';
import { Keyed, Value } from '../base/store';
import type { Core, Module } from '../state/core';
import type { Incoming } from '../state/router';
import { x } from '../xml/element';

export const GONE: Presence = { status: 'offline', text: '', lastSeen: null };
const RANK = { online: 3, busy: 2, away: 1, offline: 0 } as const;
export type Own = { readonly status: 'online' | 'away' | 'busy'; readonly text: string };
const SHOW = { online: null, away: 'away', busy: 'dnd' } as const;

export class PresenceBoard implements Module, Pick<PresenceModule, 'of' | 'own'> {
  readonly claims = [
    { stanza: 'presence', type: '', from: 'anyone' },
    { stanza: 'presence', type: 'unavailable', from: 'anyone' },
  ] as const;
  readonly own = new Value<Own>({ status: 'online', text: '' });
  /** What each device of each person says; the leading tab's. */
  readonly devices = new Map<Jid, Map<string, Presence>>();
  private readonly stores: Keyed<Presence>;

  constructor(private readonly core: Core) {
    this.stores = new Keyed((jid) => core.shared.peek<Presence>('presence', jid) ?? GONE);
    core.shared.watch('presence', (changes) => changes.forEach(([jid]) => this.stores.refresh(jid)));
    core.shared.watch('settings', (changes) => changes.forEach(([key, value]) => key === 'presence' && this.own.set(value as Own)));
  }

  async load(): Promise<void> {
    this.own.set((await this.core.shared.get<Own>('settings', 'presence')) ?? this.own.get());
  }

  async fresh(): Promise<void> {
    this.reset();
    await this.announce();
  }

  reset(): void {
    this.devices.clear();
    this.core.shared.forget('presence');
  }

  take({ stanza, peer, mine }: Incoming): void {
    if (mine) return;
    const devices = this.devices.get(peer) ?? new Map<string, Presence>();
    this.devices.set(peer, devices);
    const resource = resourceOf(stanza.attr('from'));
    if (stanza.attr('type') !== 'unavailable') devices.set(resource, this.read(stanza));
    else if (!devices.delete(resource) && resource) return;
    const best = [...devices.values()].sort((a, b) => RANK[b.status] - RANK[a.status])[0];
    this.core.shared.put('presence', peer, best ?? { ...GONE, lastSeen: this.timeOf(stanza) });
  }

  private read(stanza: Incoming['stanza']): Presence {
    const show = stanza.textOf('show');
    const idle = Date.parse(stanza.child('idle', NS.idle)?.attr('since') ?? '') || null;
    const status = show === 'dnd' ? 'busy' : show === 'away' || show === 'xa' ? 'away' : 'online';
    return { status, text: stanza.textOf('status').slice(0, 500), lastSeen: idle };
  }

  private timeOf(stanza: Incoming['stanza']): number {
    return Date.parse(stanza.child('delay', NS.delay)?.attr('stamp') ?? '') || this.core.now();
  }

  of(jid: Jid): Value<Presence> {
    return this.stores.of(jid);
  }

  async announce(): Promise<void> {
    const { status, text } = this.own.get();
    this.core.send(x('presence', {}, SHOW[status] && x('show', {}, SHOW[status]), text && x('status', {}, text)));
  }
}
