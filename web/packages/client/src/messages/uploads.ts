// Files of messages on their way to the server. They wait in storage with their message: a reload goes on with them.
import type { Jid } from '../api/base';
import type { Change } from '../api/client';
import type { FileDraft, Files, MessageFile } from '../api/messages';
import type { Core, Module } from '../state/core';
import type { Cache } from './cache';
import type { Journal } from './journal';
import type { Outbox } from './outbox';

/** What belongs to a message whose file is not at the server yet; kept under the message's id. */
export interface Parcel {
  readonly jid: Jid;
  readonly file: FileDraft;
}

export class Uploads implements Module {
  private readonly running = new Map<string, AbortController>();

  constructor(
    readonly core: Core,
    readonly cache: Cache,
    readonly journal: Journal,
    readonly outbox: Outbox,
    readonly upload: Files['upload'],
  ) {
    core.shared.watch('blobs', (changes) => {
      for (const [id, parcel] of changes) {
        if (!parcel) this.running.get(id)?.abort();
        else if (core.tabs.leads.get()) this.begin(id, parcel as Parcel);
      }
    });
  }

  async fresh(): Promise<void> {
    await this.beginAll();
  }

  resumed(): void {
    void this.beginAll().catch(this.core.trouble);
  }

  reset(): void {
    for (const running of this.running.values()) running.abort();
  }

  parcel(id: string, jid: Jid, file: FileDraft): Change {
    return ['blobs', id, { jid, file } satisfies Parcel];
  }

  /** Before the upload: what the message shows of its file. */
  pending({ blob, name, width, height, duration }: FileDraft): MessageFile {
    const unknown = { width: width ?? null, height: height ?? null, duration: duration ?? null };
    return { name, type: blob.type || 'application/octet-stream', size: blob.size, ...unknown, url: '', thumbnail: null, local: blob };
  }

  async again(id: string): Promise<boolean> {
    const parcel = await this.core.shared.get<Parcel>('blobs', id);
    if (parcel) await this.core.shared.write([['blobs', id, parcel]]);
    return parcel !== undefined;
  }

  async cancel(id: string): Promise<void> {
    await this.core.shared.write([['blobs', id, undefined]]);
  }

  private async beginAll(): Promise<void> {
    for (const [id, parcel] of await this.core.shared.all<Parcel>('blobs')) this.begin(id, parcel);
  }

  /** One at a time: they arrive in the order in which they were chosen. */
  private begin(id: string, parcel: Parcel): void {
    if (this.running.has(id) || !this.core.live) return;
    const abort = new AbortController();
    this.running.set(id, abort);
    void this.core
      .serial('uploads', async () => (await import('../commands/all')).deliver(this, id, parcel, abort.signal))
      .catch(this.core.trouble)
      .finally(() => {
        this.running.delete(id);
        this.core.shared.put('progress', id, undefined);
      });
  }
}
