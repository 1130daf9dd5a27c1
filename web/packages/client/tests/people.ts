// People at the real server, each with a device.
import { createClient, type Client } from '../src/index';
import { MemoryStorage } from '../src/storage/memory';
import { Server } from './server';
import { until } from './until';

export class People {
  private readonly clients: Client[] = [];
  private readonly storages = new Map<string, MemoryStorage>();
  private constructor(readonly server: Server) {}

  static async start(config?: string): Promise<People> {
    return new People(await Server.start(config));
  }

  /** Each in the storage that `storageOf` gives. */
  register(...names: readonly string[]): Promise<readonly Client[]> {
    return Promise.all(names.map(async (user) => {
      const storage = new MemoryStorage();
      this.storages.set(user, storage);
      const client = await this.device(storage);
      await client.connection.register({ user, password: passwordOf(user) });
      return this.online(client);
    }));
  }

  /** One that nobody is logged in to. */
  account(user: string): Promise<void> {
    return this.server.account(user, passwordOf(user));
  }

  storageOf(user: string): MemoryStorage {
    return this.storages.get(user)!;
  }

  /** With a storage that remembers the login it needs no password. */
  async login(user: string, storage = new MemoryStorage()): Promise<Client> {
    const client = await this.device(storage);
    if (!client.connection.account.get()) await client.connection.login({ user, password: passwordOf(user) });
    return this.online(client);
  }

  async device(storage: MemoryStorage, websocket = this.server.websocket): Promise<Client> {
    const client = await createClient({ domain: 'localhost', websocket, storage });
    this.clients.push(client);
    return client;
  }

  /** A device that finds no server. */
  offline(storage: MemoryStorage): Promise<Client> {
    return this.device(storage, 'ws://127.0.0.1:9/xmpp');
  }

  async online(client: Client): Promise<Client> {
    await until(client.connection.state, (s) => s.status === 'online' && !s.syncing);
    return client;
  }

  /** Two who are contacts. */
  async befriend(a: Client, b: Client): Promise<void> {
    const [one, two] = [a.connection.account.get()!.jid, b.connection.account.get()!.jid];
    await a.contacts.add(two);
    await until(b.contacts.requests, (r) => r.some((q) => q.jid === one));
    await b.contacts.accept(one);
    const mutual = (jid: string) => (l: readonly { jid: string; relation: string }[]) => l.some((c) => c.jid === jid && c.relation === 'mutual');
    await Promise.all([until(a.contacts.list, mutual(two)), until(b.contacts.list, mutual(one))]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((c) => c.close()));
    await this.server.stop();
  }
}

export const passwordOf = (user: string): string => `password of ${user}`;
