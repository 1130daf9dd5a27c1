// The words every module shares: addresses, stores, events, and the closed list of things that can go wrong.

/** A bare address: `name@domain`, lower case where the address is case-insensitive. */
export type Jid = string;

/** Ends a subscription. Calling it twice is harmless. */
export type Unsubscribe = () => void;

/**
 * A value that can be watched. `get` always answers at once; values are immutable and replaced as a whole, so `===`
 * tells whether anything changed. `subscribe` does not call back with the present value.
 */
export interface Store<T> {
  get(): T;
  subscribe(listener: (value: T) => void): Unsubscribe;
}

/**
 * Everything that can go wrong, as a closed list: an app translates each of them once, and a missing translation is a
 * type error. The English text of a `ClientError` is for developers.
 */
export type ErrorCode =
  // The way to the server
  | 'offline' // the device has no network
  | 'unreachable' // nothing answers at the server's address
  | 'timeout' // the server did not answer in time
  | 'connection-lost' // the stream broke while something was under way
  | 'insecure' // the server wants a password without TLS, or could not prove that it knows ours
  | 'server-shutdown' // the server says goodbye and will be back
  | 'server-error' // the server failed: its database is gone
  | 'server-full' // the server's disk is full: nothing was stored
  | 'incompatible' // no mechanism, binding or framing in common
  // Who one is
  | 'signed-out' // this needs a login
  | 'wrong-credentials' // name or password is wrong
  | 'session-expired' // the stored login is not accepted any more: ask for the password
  | 'signed-out-elsewhere' // another device ended this session
  | 'account-disabled' // banned or locked by the operator
  | 'account-deleted'
  | 'too-many-attempts' // wrong passwords, too fast
  | 'too-many-sessions' // the account has as many devices online as it may
  // Registration and invitations
  | 'name-taken'
  | 'name-invalid' // empty, too long, or letters that an address may not have
  | 'name-reserved'
  | 'password-refused' // too short or too weak for the server
  | 'registration-closed'
  | 'invitation-required'
  | 'invitation-invalid' // unknown, used or expired
  // What was asked
  | 'not-found' // no such account, message, file or device
  | 'not-allowed'
  | 'blocked' // you blocked this address
  | 'refused' // the other side does not take this from you
  | 'rate-limited' // too many in a short time
  | 'quota-exceeded' // the server keeps no more for this account
  | 'too-large' // a file or a text; `limit` says how many bytes are taken
  | 'unsupported' // the server lacks the feature
  | 'bad-request' // the server did not understand what was sent
  | 'cancelled' // by the person
  | 'storage-failed' // this device could not keep it: full, or forbidden
  | 'unknown';

/** What every promise of this package rejects with. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  constructor(
    readonly code: ErrorCode,
    /** For developers and logs: never holds a password, a token or a message. */
    message: string = code,
    readonly details: {
      /** With `too-large`: how many bytes are allowed. */
      readonly limit?: number;
      /** What the server itself said, in the server's words. Show it as text, below the translated message. */
      readonly serverText?: string;
      /** With `rate-limited` and `too-many-attempts`: when to try again, milliseconds since 1970. */
      readonly retryAt?: number;
    } = {},
  ) {
    super(message);
  }
}

/** Events that are moments, not state. State is in stores. */
export interface ClientEvents {
  /**
   * A message of somebody else came in live (not from history, not by another device of one's own): ring here.
   * Fires in every tab; `leads` says whether this tab is the one that should notify.
   */
  message: { readonly conversation: Jid; readonly message: import('./messages').Message; readonly muted: boolean; readonly leads: boolean };
  /** Somebody asks to become a contact. */
  request: { readonly request: import('./contacts').ContactRequest; readonly leads: boolean };
  /** A request of one's own was accepted. */
  accepted: { readonly jid: Jid };
  /** The login ended: by oneself, in another tab, by another device, by the operator. */
  signedOut: { readonly reason: ErrorCode | null };
  /** Something failed with nobody waiting for it: writing to storage, a background query. For logs and a quiet hint. */
  trouble: { readonly code: ErrorCode; readonly message: string };
}
