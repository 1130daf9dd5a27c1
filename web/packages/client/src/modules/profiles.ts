// Profiles: vCards (0054), avatars by hash in presence (0153), nicknames (0172).
import type { Jid } from '../api/base';
import type { Profile, Profiles } from '../api/contacts';
import * as NS from '../base/ns';
import { Keyed, Value } from '../base/store';
import type { Core, Module } from '../state/core';
import type { Incoming } from '../state/router';
import type { Element } from '../xml/element';
import type { Names } from './names';

export class ProfileBook implements Module, Pick<Profiles, 'own' | 'of' | 'refresh'> {
  readonly claims = [{ stanza: 'presence', child: [NS.vcardUpdate, 'x'], from: 'anyone' }] as const;
  readonly own = new Value<Profile>(empty(''));
  private readonly known = new Map<Jid, Profile>();
  private readonly stores: Keyed<Profile>;
  private readonly asking = new Map<Jid, Promise<Profile>>();
  ownCard: Element | null = null;

  constructor(
    private readonly core: Core,
    private readonly names: Names,
  ) {
    this.stores = new Keyed((jid) => this.known.get(jid) ?? empty(jid));
    core.shared.watch('profiles', (changes) => changes.forEach(([jid, value]) => this.learn(jid, value as Profile | undefined)));
    core.tabs.lead(this, 'profiles', ['refresh']);
  }

  async load(): Promise<void> {
    for (const [jid, profile] of await this.core.shared.storage.range('profiles', '', '\uffff')) this.learn(jid, profile as Profile);
  }

  async fresh(): Promise<void> {
    if (!this.known.has(this.core.me)) void this.refresh(this.core.me).catch(() => {});
  }

  reset(): void {
    this.known.clear();
    this.ownCard = null;
    this.own.set(empty(''));
    this.stores.refreshAll();
  }

  /** The hash tells when there is something new; an empty one, that there is none. */
  take({ payload, peer }: Incoming): void {
    const photo = payload.child('photo');
    if (!photo) return;
    const hash = photo.text.trim().toLowerCase();
    const known = this.known.get(peer);
    if (hash === (known?.avatar?.hash ?? '') && known) return;
    void this.refresh(peer).catch(() => {});
  }

  of(jid: Jid): Value<Profile> {
    if (!this.known.has(jid) && this.core.account.get()) void this.refresh(jid).catch(() => {});
    return this.stores.of(jid);
  }

  refresh(jid: Jid): Promise<Profile> {
    let asking = this.asking.get(jid);
    if (!asking) {
      asking = this.fetch(jid).finally(() => this.asking.delete(jid));
      this.asking.set(jid, asking);
    }
    return asking;
  }

  private async fetch(jid: Jid): Promise<Profile> {
    const { card, profile } = await (await import('../commands/all')).fetchProfile(this.core, jid);
    if (jid === this.core.me) this.ownCard = card;
    await this.core.shared.write([['profiles', jid, profile]]);
    return profile;
  }

  private learn(jid: Jid, learnt: Profile | undefined): void {
    const before = this.known.get(jid)?.avatar;
    // The same picture stays the same blob, so that nobody draws it anew.
    const profile = learnt && before?.hash === learnt.avatar?.hash ? { ...learnt, avatar: before ?? null } : learnt;
    if (profile) this.known.set(jid, profile);
    else this.known.delete(jid);
    this.names.setNickname(jid, profile?.nickname ?? null);
    this.stores.refresh(jid);
    if (jid === this.core.me) this.own.set(profile ?? empty(jid));
  }
}

const empty = (jid: Jid): Profile => ({ jid, nickname: null, avatar: null, about: null, email: null });
