// What waits to be sent, in storage until the server has confirmed that it is stored. Survives a reload, a killed tab
// and a server that dies in between; what may have arrived already is looked up in the archive before it goes again.
import { ClientError, type Jid } from '../api/base';
import type { Change } from '../api/client';
import { Value } from '../base/store';
import type { Core, Module } from '../state/core';
import { parseXml } from '../xml/parser';
import type { Archive } from './archive';
import { ORDER } from './entry';

export interface Waiting {
  /** The stanza's id; for a message its origin-id as well. */
  readonly id: string;
  readonly to: Jid;
  readonly wire: string;
  readonly time: number;
  /** It was on the wire once: the server may have it. */
  readonly tried: boolean;
  /** Not a message a person waits for: markers. */
  readonly quiet: boolean;
}

/** Characters, of three bytes at most: servers take 64 KiB. A stanza that is longer would end each session that sends it. */
const LONGEST = 20_000;

export class Outbox implements Module {
  readonly count = new Value(0);
  private readonly waiting = new Map<string, Waiting>();
  private readonly onWire = new Set<string>();
  private last = 0;
  private ready = false;
  private pumping = false;
  /** The server has stored it. */
  onStored: (to: Jid, id: string) => void = () => {};

  constructor(
    readonly core: Core,
    readonly archive: Archive,
  ) {
    core.shared.watch('outbox', (changes) => {
      this.learn(changes);
      if (core.tabs.leads.get()) this.pump();
    });
  }

  async load(): Promise<void> {
    this.learn(await this.core.shared.all<Waiting>('outbox'));
  }

  private learn(changes: readonly (readonly [key: string, value: unknown])[]): void {
    for (const [key, value] of changes) {
      if (value) this.waiting.set(key, value as Waiting);
      else this.waiting.delete(key);
    }
    this.count.set([...this.waiting.values()].filter((w) => !w.quiet).length);
  }

  /** What to write, together with other changes, so that this will be sent. A `slot` holds only the newest. Fails if it is too long. */
  entry(to: Jid, id: string, wire: string, time: number, slot?: string): Change {
    if (wire.length > LONGEST) throw new ClientError('too-large');
    // Several in one millisecond keep their order.
    this.last = Math.max(this.last + 1, Math.floor(time) * ORDER);
    const key = slot ? `~${slot}\t${to}` : String(this.last).padStart(16, '0');
    return ['outbox', key, { id, to, wire, time, tried: false, quiet: slot !== undefined } satisfies Waiting];
  }

  /** Takes back what was never on the wire; false: too late. */
  async withdraw(id: string): Promise<boolean> {
    for (const [key, { id: other, tried }] of this.waiting) {
      if (other !== id) continue;
      if (tried || this.onWire.has(key)) return false;
      await this.core.shared.write([['outbox', key, undefined]]);
      return true;
    }
    return true;
  }

  /** The other side, or the server for it, refused: it waits no more. */
  refused(by: Jid, id: string): void {
    for (const [key, waiting] of this.waiting) if (waiting.id === id && waiting.to === by) void this.core.shared.write([['outbox', key, undefined]]).catch(this.core.trouble);
  }

  async fresh(): Promise<void> {
    this.onWire.clear();
    // After a session that could not be resumed: the server may have some of them.
    const tried = [...this.waiting].filter(([, w]) => w.tried);
    if (tried.length) await (await import('../commands/all')).findArrived(this, tried);
    this.ready = true;
    this.pump();
  }

  resumed(): void {
    this.ready = true;
    this.pump();
  }

  lost(): void {
    this.ready = false;
  }

  reset(): void {
    this.waiting.clear();
    this.onWire.clear();
    this.ready = false;
    this.count.set(0);
  }

  private pump(): void {
    if (!this.ready || this.pumping) return;
    this.pumping = true;
    void this.sendAll().catch(this.core.trouble).finally(() => {
      this.pumping = false;
      if (this.next().length) this.pump();
    });
  }

  private next(): [string, Waiting][] {
    return [...this.waiting].filter(([key]) => !this.onWire.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Notes first that it was tried, so that no crash can make it go twice unnoticed. */
  private async sendAll(): Promise<void> {
    const next = this.next();
    const untried = next.filter(([, w]) => !w.tried);
    for (const [key] of next) this.onWire.add(key);
    await this.core.shared.write(untried.map(([key, w]): Change => ['outbox', key, { ...w, tried: true }]));
    for (const [key, waiting] of next) {
      if (!this.ready) this.onWire.delete(key);
      else if (this.waiting.has(key)) this.core.send(parseXml(waiting.wire), () => void this.stored(key, waiting).catch(this.core.trouble));
    }
  }

  async stored(key: string, { id, to }: Waiting): Promise<void> {
    this.onWire.delete(key);
    // It may have been refused meanwhile, or a slot may hold something newer, which goes now.
    if (this.waiting.get(key)?.id !== id) return this.pump();
    await this.core.shared.write([['outbox', key, undefined]]);
    this.onStored(to, id);
  }
}
