// The session: who is logged in, and whether the server is there.
import type { ErrorCode, Jid, Store } from './base';

export type ConnectionState =
  /** Nobody is logged in. `reason` tells why a login ended; null when there was none or by one's own wish. */
  | { readonly status: 'signed-out'; readonly reason: ErrorCode | null }
  /** A try is under way. The first of a session has `attempt` 1. */
  | { readonly status: 'connecting'; readonly attempt: number }
  /** Logged in; everything works. `syncing` until what was missed is known: unread counts may still change. */
  | { readonly status: 'online'; readonly syncing: boolean }
  /** The network or server is away. `retryAt` (ms since 1970): when the next try begins; null: when the network returns. */
  | { readonly status: 'offline'; readonly reason: ErrorCode; readonly retryAt: number | null };

export interface Account {
  readonly jid: Jid;
  readonly domain: string;
  /** The name this session has at the server: `name@domain/resource`. Empty while never online. */
  readonly fullJid: string;
}

/** What the server offers, for screens that hide what cannot work. All false while never online; kept over a reload. */
export interface Features {
  readonly history: boolean;
  readonly inbox: boolean;
  readonly upload: boolean;
  /** The largest file the server takes, bytes; null: it does not say. */
  readonly uploadLimit: number | null;
  readonly directory: boolean;
  readonly invitations: boolean;
  readonly accountInvitations: boolean;
  readonly blocking: boolean;
  readonly devices: boolean;
  readonly privacy: boolean;
  readonly recall: boolean;
  readonly registration: boolean;
}

export interface Credentials {
  /** A name, or a whole address when the account is at another domain than `ClientOptions.domain`. */
  readonly user: string;
  readonly password: string;
  /** Keep a token (never the password) in storage, so that the next start logs in by itself. Default: true. */
  readonly remember?: boolean;
}

export interface Connection {
  readonly state: Store<ConnectionState>;
  /** Null while signed out. Known from storage before the server answers. */
  readonly account: Store<Account | null>;
  readonly features: Store<Features>;
  /** True in the one tab that holds the stream. Always true in Node. */
  readonly leads: Store<boolean>;

  /** Makes the account and logs in. `invitation`: the token of an invitation (0445). */
  register(account: Credentials & { readonly nickname?: string; readonly invitation?: string }): Promise<void>;
  /** Resolves when online. After a failure the state is `signed-out` with no reason and the promise tells the code. */
  login(credentials: Credentials): Promise<void>;
  /** Ends the session at the server, forgets the token and everything cached on this device. Works offline as well. */
  logout(): Promise<void>;
  changePassword(password: string): Promise<void>;
  /** Deletes the account at the server, then everything here. */
  deleteAccount(): Promise<void>;
  /** Try now instead of at `retryAt`. */
  retry(): void;
  /**
   * Tell whether somebody looks: fewer, later deliveries while not (0352). In a browser this follows the page's
   * visibility by itself.
   */
  setActive(active: boolean): void;
}
