// Several tabs, one session: a Web Lock elects the tab that holds the connection; the others ask it over a
// BroadcastChannel. Without those (Node, one tab) this tab leads and asks itself.
import { ClientError, type ErrorCode } from '../api/base';
import { newId } from '../base/bytes';
import { asClientError } from '../base/conditions';
import { Value } from '../base/store';
import type { AnyChange, Shared } from './shared';

type Note =
  | { readonly kind: 'changes'; readonly changes: readonly AnyChange[]; readonly live: boolean }
  | { readonly kind: 'hello' }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'taken'; readonly id: string }
  | { readonly kind: 'done'; readonly id: string; readonly value?: unknown; readonly error?: { code: ErrorCode; message: string; details: object } };

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  /** The leading tab has it: nobody knows what became of it when that tab goes away. */
  taken: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ClientError) => void;
  readonly deaf: ReturnType<typeof setTimeout>;
}

/** Milliseconds after which a leader that does not even take a call counts as frozen. */
const DEAF = 3_000;

export class Tabs {
  /** Whether this tab holds the connection. */
  readonly leads = new Value(false);
  private readonly channel: BroadcastChannel | null;
  private readonly methods = new Map<string, (...args: never[]) => unknown>();
  private readonly calls = new Map<string, Call>();
  private resign: () => void = () => {};
  private closed = false;
  private stealing = false;

  constructor(
    private readonly name: string,
    private readonly shared: Shared,
    alone: boolean,
  ) {
    this.channel = alone ? null : new BroadcastChannel(name);
    if (!this.channel) return;
    this.channel.onmessage = (event: MessageEvent<Note>) => this.note(event.data);
    shared.tell = (changes, live) => this.post({ kind: 'changes', changes, live });
  }

  /** Begins to lead, or to wait for it. */
  start(): void {
    if (!this.channel) return this.leads.set(true);
    this.stand();
    this.post({ kind: 'hello' });
  }

  /** Registers what the leading tab does for all of them; the result calls it wherever it runs. */
  method<A extends unknown[], R>(name: string, run: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    this.methods.set(name, run as (...args: never[]) => unknown);
    return (...args) => (this.leads.get() ? run(...args) : (this.ask(name, args) as Promise<R>));
  }

  /** The same for methods of an object, which are replaced: called from anywhere, they run in the leading tab. */
  lead<T, K extends keyof T & string>(target: T, prefix: string, names: readonly K[]): void {
    for (const name of names) {
      const run = (target[name] as (...args: unknown[]) => Promise<unknown>).bind(target);
      target[name] = this.method(`${prefix}.${name}`, run) as T[K];
    }
  }

  close(): void {
    this.closed = true;
    this.resign();
    this.channel?.close();
    this.inherit();
  }

  /** Waits for the lock; `steal` takes it from a tab that no longer answers. */
  private stand(steal = false): void {
    const held = (): Promise<void> =>
      new Promise((resolve) => {
        if (this.closed) return resolve();
        this.resign = resolve;
        this.stealing = false;
        this.leads.set(true);
        this.inherit();
      });
    navigator.locks.request(this.name, steal ? { steal } : {}, held).catch(() => {
      // Somebody else has taken it: this tab was frozen and follows from now on.
      this.leads.set(false);
      if (!this.closed) this.stand();
    });
  }

  private ask(name: string, args: readonly unknown[]): Promise<unknown> {
    const id = newId();
    return new Promise((resolve, reject) => {
      const deaf = setTimeout(() => this.steal(), DEAF);
      this.calls.set(id, { name, args, taken: false, resolve, reject, deaf });
      this.post({ kind: 'call', id, name, args });
    });
  }

  /** From a tab that does not even take calls: it is frozen or dead. */
  private steal(): void {
    if (this.closed || this.leads.get() || this.stealing) return;
    this.stealing = true;
    this.stand(true);
  }

  private note(note: Note): void {
    if (note.kind === 'changes') this.shared.heard(note.changes, note.live);
    else if (note.kind === 'taken') this.taken(this.calls.get(note.id));
    else if (note.kind === 'done') this.done(note);
    else if (!this.leads.get()) return;
    else if (note.kind === 'hello') this.post({ kind: 'changes', changes: this.shared.snapshot(), live: true });
    else void this.serve(note);
  }

  private taken(call: Call | undefined): void {
    clearTimeout(call?.deaf);
    if (call) call.taken = true;
  }

  private done({ id, value, error }: Note & { kind: 'done' }): void {
    const call = this.calls.get(id);
    this.calls.delete(id);
    clearTimeout(call?.deaf);
    if (error) call?.reject(new ClientError(error.code, error.message, error.details));
    else call?.resolve(value);
  }

  private async serve({ id, name, args }: Note & { kind: 'call' }): Promise<void> {
    this.post({ kind: 'taken', id });
    try {
      this.post({ kind: 'done', id, value: await this.methods.get(name)!(...(args as never[])) });
    } catch (thrown) {
      const { code, message, details } = asClientError(thrown);
      this.post({ kind: 'done', id, error: { code, message, details } });
    }
  }

  /** This tab leads now, and does itself what nobody has taken yet. */
  private inherit(): void {
    for (const { name, args, taken, resolve, reject, deaf } of this.calls.values()) {
      clearTimeout(deaf);
      if (taken || this.closed) reject(new ClientError('connection-lost'));
      else Promise.resolve(this.methods.get(name)!(...(args as never[]))).then(resolve, reject);
    }
    this.calls.clear();
  }

  private post(note: Note): void {
    if (!this.closed) this.channel?.postMessage(note);
  }
}
