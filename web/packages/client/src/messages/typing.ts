// XEP-0085: who is typing, and telling so without a flood.
import type { Jid } from '../api/base';
import * as NS from '../base/ns';
import type { Core, Module } from '../state/core';
import type { Claim, Incoming } from '../state/router';
import { chatState } from './write';

/** Milliseconds: a pause in typing, how often "composing" is said again, and how long it is believed. */
const PAUSE = 5_000;
const AGAIN = 20_000;
const BELIEVED = 30_000;

const STATES = ['active', 'composing', 'paused', 'inactive', 'gone'] as const;

export class Typing implements Module {
  readonly claims: readonly Claim[] = STATES.map((state): Claim => ({ stanza: 'message', child: [NS.chatStates, state], from: 'anyone' }));
  private readonly told = new Map<Jid, { at: number; pause: ReturnType<typeof setTimeout> }>();
  private readonly theirs = new Map<Jid, ReturnType<typeof setTimeout>>();

  private readonly run: (jid: Jid, typing: boolean) => Promise<void>;

  constructor(private readonly core: Core) {
    this.run = core.tabs.method('typing', (jid: Jid, typing: boolean) => this.typed(jid, typing));
  }

  take({ payload, peer, mine, via, stanza }: Incoming): void {
    if (mine || via === 'archive' || stanza.attr('type') === 'error') return;
    if (payload.name !== 'composing') return this.ended(peer);
    clearTimeout(this.theirs.get(peer));
    this.theirs.set(peer, setTimeout(() => this.ended(peer), BELIEVED));
    this.core.shared.put('typing', peer, true);
  }

  /** They stopped, or sent what they typed. `own`: one's own message says it. */
  ended(jid: Jid, own = false): void {
    if (own) return this.stop(jid);
    clearTimeout(this.theirs.get(jid));
    if (this.theirs.delete(jid)) this.core.shared.put('typing', jid, undefined);
  }

  /** On each key press, and when the field is emptied. */
  type(jid: Jid, typing: boolean): void {
    this.run(jid, typing).catch(() => {});
  }

  private async typed(jid: Jid, typing: boolean): Promise<void> {
    if (!this.core.live) return;
    const before = this.told.get(jid);
    clearTimeout(before?.pause);
    if (!typing) {
      if (before) this.tell(jid, 'active');
      this.told.delete(jid);
      return;
    }
    const at = before && Date.now() - before.at < AGAIN ? before.at : Date.now();
    if (at !== before?.at) this.tell(jid, 'composing');
    this.told.set(jid, { at, pause: setTimeout(() => (this.told.delete(jid), this.tell(jid, 'paused')), PAUSE) });
  }

  lost(): void {
    for (const { pause } of this.told.values()) clearTimeout(pause);
    this.told.clear();
    for (const jid of [...this.theirs.keys()]) this.ended(jid);
  }

  private stop(jid: Jid): void {
    clearTimeout(this.told.get(jid)?.pause);
    this.told.delete(jid);
  }

  private tell(jid: Jid, state: 'composing' | 'paused' | 'active'): void {
    this.core.send(chatState(jid, state));
  }
}
