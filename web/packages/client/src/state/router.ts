// Which module takes which stanza. Each module declares claims; the router checks who may send what, unwraps carbons,
// and answers IQs. Two modules that claim the same are an error (`clash`), found by a test.
import { ClientError } from '../api/base';
import { bareOf, domainOf } from '../base/jid';
import * as NS from '../base/ns';
import { x, type Element } from '../xml/element';

/** `account`: one's own account speaks (own bare address or none). `server`: that, or the server. `anyone`. */
export type Sender = 'account' | 'server' | 'anyone';

export interface Claim {
  readonly stanza: 'message' | 'presence' | 'iq';
  /** Only stanzas of this type. */
  readonly type?: string;
  /** Only stanzas with this child; without, every stanza of the type. */
  readonly child?: readonly [ns: string, name: string];
  readonly from: Sender;
}

/** A stanza, and how it came. */
export interface Incoming {
  readonly stanza: Element;
  /** The child that was claimed; the stanza itself when none was. */
  readonly payload: Element;
  readonly via: 'live' | 'carbon' | 'archive';
  /** Sent by oneself, from this or another device. */
  readonly mine: boolean;
  /** The other side, bare. */
  readonly peer: string;
}

export interface Claimant {
  readonly claims: readonly Claim[];
  /** An IQ's answer, if any. What is thrown becomes an error answer. */
  take(incoming: Incoming): Element | null | void | Promise<Element | null>;
}

const key = (c: Claim): string => `${c.stanza} ${c.type ?? '*'} ${c.child?.join(' ') ?? '*'}`;

/** Claims of two claimants that would take the same stanza for the same child. */
export function clash(claimants: readonly Claimant[]): string | null {
  const seen: { claim: Claim; of: Claimant }[] = [];
  for (const of of claimants) {
    for (const claim of of.claims) {
      const other = seen.find((s) => s.of !== of && overlap(s.claim, claim));
      if (other) return `${key(claim)} and ${key(other.claim)}`;
      seen.push({ claim, of });
    }
  }
  return null;
}

const overlap = (a: Claim, b: Claim): boolean =>
  a.stanza === b.stanza && (a.type === undefined || b.type === undefined || a.type === b.type) && (a.child?.join() ?? '') === (b.child?.join() ?? '');

export class Router {
  constructor(
    private readonly claimants: readonly Claimant[],
    /** One's own bare address. */
    private readonly account: () => string,
    private readonly reply: (stanza: Element) => void,
  ) {}

  /** A stanza from the wire. */
  route(stanza: Element): void {
    if (stanza.name === 'iq') return void this.iq(stanza);
    const wrapper = stanza.elements.find((e) => e.ns === NS.carbons && /^(sent|received)$/.test(e.name));
    if (!wrapper || stanza.name !== 'message') return this.offer(stanza, 'live');
    // XEP-0280 §11: a carbon that our own account did not make is forged.
    if (!this.may('account', stanza, 'live')) return;
    const inner = wrapper.child('forwarded', NS.forward)?.child('message', NS.client);
    if (inner) this.offer(inner, 'carbon');
  }

  /** A message that was inside an archive's answer, checked by who asked. */
  archived(stanza: Element): void {
    this.offer(stanza, 'archive');
  }

  private offer(stanza: Element, via: Incoming['via']): void {
    const account = this.account();
    const from = bareOf(stanza.attr('from')) || account;
    const mine = from === account;
    const peer = mine ? bareOf(stanza.attr('to')) || account : from;
    for (const claimant of this.claimants) {
      const payload = this.claimed(claimant, stanza, via);
      if (payload) claimant.take({ stanza, payload, via, mine, peer });
    }
  }

  private claimed(claimant: Claimant, stanza: Element, via: Incoming['via']): Element | null {
    for (const { stanza: name, type, child, from: sender } of claimant.claims) {
      if (name !== stanza.name || (type !== undefined && type !== stanza.attr('type')) || !this.may(sender, stanza, via)) continue;
      const payload = child ? stanza.child(child[1], child[0]) : stanza;
      if (payload) return payload;
    }
    return null;
  }

  /** What only the account or the server may say comes from their very address, not from a device, and never wrapped. */
  private may(sender: Sender, stanza: Element, via: Incoming['via']): boolean {
    if (sender === 'anyone') return true;
    const [from, account] = [stanza.attr('from'), this.account()];
    return via === 'live' && (from === '' || from === account || (sender === 'server' && from === domainOf(account)));
  }

  private async iq(stanza: Element): Promise<void> {
    const to = stanza.attr('from');
    const back = { xmlns: NS.client, id: stanza.attr('id'), ...(to && { to }) };
    try {
      const claimant = this.claimants.find((c) => this.claimed(c, stanza, 'live'));
      if (!claimant) throw new ClientError('unsupported');
      const payload = this.claimed(claimant, stanza, 'live')!;
      const answer = await claimant.take({ stanza, payload, via: 'live', mine: false, peer: bareOf(to) });
      this.reply(x('iq', { ...back, type: 'result' }, answer ?? null));
    } catch {
      this.reply(x('iq', { ...back, type: 'error' }, x('error', { type: 'cancel' }, x('service-unavailable', { xmlns: NS.stanzaErrors }))));
    }
  }
}
