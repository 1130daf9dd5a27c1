// What every module is given: the account, the wire, shared state, events, a clock and an order of work.
import { ClientError, type ClientEvents } from '../api/base';
import type { Account, Features } from '../api/connection';
import { NO_FEATURES } from '../modules/service';
import { asClientError, type stanzaError } from '../base/conditions';
import * as NS from '../base/ns';
import { Events, Value } from '../base/store';
import type { LoggedIn } from '../stream/login';
import { x, type Element } from '../xml/element';
import type { Link } from './link';
import type { Claimant, Router } from './router';
import type { Shared } from './shared';
import type { Tabs } from './tabs';

/** A part of the client. Everything is optional: a module says only what it takes part in. */
export interface Module extends Partial<Claimant> {
  /** Reads what is kept, before anything else happens, in every tab. */
  load?(): Promise<void>;
  /** A new session stands; runs in the leading tab, modules in their order, each awaited. */
  fresh?(login: LoggedIn): Promise<void>;
  /** The old session goes on. */
  resumed?(): void;
  /** The connection broke. */
  lost?(): void;
  /** Forgets everything of the account. */
  reset?(): void;
}

export class Core {
  readonly events = new Events<ClientEvents>();
  readonly account = new Value<Account | null>(null);
  readonly features = new Value<Features>(NO_FEATURES);
  link!: Link;
  router!: Router;
  /** Milliseconds by which the server's clock is ahead of ours. */
  ahead = 0;
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    readonly shared: Shared,
    readonly tabs: Tabs,
  ) {
    shared.watch('event', (events) => {
      for (const [name, value] of events) this.events.emit(name as keyof ClientEvents, { ...(value as object), leads: tabs.leads.get() } as never);
    });
  }

  /** One's own bare address; empty while signed out. */
  get me(): string {
    return this.account.get()?.jid ?? '';
  }

  get domain(): string {
    return this.account.get()?.domain ?? '';
  }

  get live(): boolean {
    return this.link.session?.live ?? false;
  }

  request(iq: Element, words?: Parameters<typeof stanzaError>[1]): Promise<Element> {
    if (!this.me) return Promise.reject(new ClientError('signed-out'));
    if (!this.live) return Promise.reject(new ClientError('offline'));
    return this.link.session!.request(iq, words);
  }

  get(payload: Element, to?: string, words?: Parameters<typeof stanzaError>[1]): Promise<Element> {
    return this.request(x('iq', { type: 'get', to }, payload), words);
  }

  set(payload: Element, to?: string, words?: Parameters<typeof stanzaError>[1]): Promise<Element> {
    return this.request(x('iq', { type: 'set', to }, payload), words);
  }

  /** Dropped while there is no session: what must not get lost goes through the outbox. */
  send(stanza: Element, stored?: () => void): void {
    const { session } = this.link;
    if (!session) return;
    session.send(stanza, stored);
    // Without 0198 the answer to a question that was sent after it tells that it was taken.
    if (stored && !session.management) this.get(x('ping', { xmlns: NS.ping }), this.domain).then(stored, () => {});
  }

  now(): number {
    return Date.now() + this.ahead;
  }

  /** Work on the same thing, one after the other. */
  serial<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(key) ?? Promise.resolve();
    const done = before.then(work, work);
    const quiet = done.catch(() => {});
    this.queues.set(key, quiet);
    void quiet.then(() => this.queues.get(key) === quiet && this.queues.delete(key));
    return done;
  }

  /** In every tab. */
  emit<K extends 'message' | 'request' | 'accepted' | 'signedOut' | 'trouble'>(event: K, value: Omit<ClientEvents[K], 'leads'>): void {
    this.shared.say(event, value);
  }

  /** For what fails with nobody waiting. */
  readonly trouble = (thrown: unknown): void => {
    const { code, message } = asClientError(thrown);
    this.emit('trouble', { code, message });
  };
}
