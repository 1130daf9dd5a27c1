// The client as a whole, how it is made, and where it keeps things.
import type { ClientEvents, Jid, Unsubscribe } from './base';
import type { Connection } from './connection';
import type { Contacts, Devices, Directory, Invitations, PresenceModule, Privacy, Profiles } from './contacts';
import type { Conversations, Files, Messages } from './messages';

export interface Client {
  readonly connection: Connection;
  readonly contacts: Contacts;
  readonly conversations: Conversations;
  readonly messages: Messages;
  readonly files: Files;
  readonly profiles: Profiles;
  readonly presence: PresenceModule;
  readonly directory: Directory;
  readonly invitations: Invitations;
  readonly devices: Devices;
  readonly privacy: Privacy;
  on<E extends keyof ClientEvents>(event: E, listener: (value: ClientEvents[E]) => void): Unsubscribe;
  /** Storage for the app's own settings, per device; survives a reload, not a logout. */
  readonly settings: { get<T>(key: string): Promise<T | undefined>; set(key: string, value: unknown): Promise<void> };
  /** Bytes this device keeps for the account, and a way to give them back (messages come again from the archive). */
  readonly cache: { size(): Promise<number>; clear(): Promise<void> };
  /** Everything of the account that the server and this device have, as one JSON text. */
  exportData(onProgress?: (conversations: number, of: number) => void): Promise<Blob>;
  /** Ends the connection, keeps the login. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** The server's domain. Default in a browser: the page's host name. */
  readonly domain?: string;
  /** `wss:` address of the WebSocket. Default: `/xmpp` of the page in a browser, else what host-meta of the domain says. */
  readonly websocket?: string;
  /** `https:` address below which `/api` lives. Default: where the WebSocket is. */
  readonly http?: string;
  /** Default: IndexedDB in a browser, memory elsewhere. */
  readonly storage?: Storage;
  /** For runtimes without a global one. */
  readonly WebSocket?: typeof WebSocket;
  /** How this device is called in the list of devices. */
  readonly device?: { readonly software?: string; readonly name?: string };
  /** The language of server texts. */
  readonly lang?: string;
  /** Follow the page's visibility and `online` events. Default: true where there is a page. */
  readonly followPage?: boolean;
}

/**
 * Where things are kept: tables of values under string keys, sorted by UTF-16 code units. Values are anything that
 * can be cloned structurally, keys that cannot be exported and blobs included.
 */
export interface Storage {
  get(table: Table, key: string): Promise<unknown>;
  /** In one transaction: all or nothing. `undefined` deletes. */
  write(changes: readonly Change[]): Promise<void>;
  /** Keys from (inclusive) to (exclusive), ascending; the last `limit` of them when `last` is set. */
  range(table: Table, from: string, to: string, options?: { readonly limit?: number; readonly last?: boolean }): Promise<readonly (readonly [key: string, value: unknown])[]>;
  /** Empties these tables; all when none is named. */
  clear(tables?: readonly Table[]): Promise<void>;
  close(): void;
}

export type Change = readonly [table: Table, key: string, value: unknown];
export type Table = 'account' | 'settings' | 'contacts' | 'conversations' | 'messages' | 'index' | 'sync' | 'outbox' | 'blobs' | 'profiles';

/** `GET /api/branding`: how the operator wants the app to look, and who may register. */
export interface Branding {
  readonly name: string;
  readonly logo: string | null;
  readonly accent: string | null;
  readonly accentDark: string | null;
  readonly registration: 'open' | 'invite' | 'closed';
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly domain: string;
  readonly websocket: string | null;
  readonly version: string;
}

export type { Jid };
