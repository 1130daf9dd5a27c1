// People: contacts, requests, what is known about them, and whether they are there.
import type { Jid, Store } from './base';

export interface Contact {
  readonly jid: Jid;
  /** What to show: the remark, else the nickname, else the name before the @. */
  readonly name: string;
  /** The name one gave this person oneself (备注); null: none. */
  readonly remark: string | null;
  readonly tags: readonly string[];
  /**
   * `mutual`: contacts. `waiting`: asked, no answer yet. `follows-me`: they see one's presence, one does not see theirs.
   * `none`: in the list only.
   */
  readonly relation: 'mutual' | 'i-follow' | 'follows-me' | 'waiting' | 'none';
  readonly blocked: boolean;
}

export interface ContactRequest {
  readonly jid: Jid;
  readonly name: string;
  readonly message: string;
  readonly time: number;
  /** "Later" was said: show it in the list, do not ask again. */
  readonly postponed: boolean;
}

export interface Contacts {
  /** Sorted by address; sort by name in the app, where the language is known. */
  readonly list: Store<readonly Contact[]>;
  readonly requests: Store<readonly ContactRequest[]>;
  readonly blocked: Store<readonly Jid[]>;
  /** All tags in use, sorted. */
  readonly tags: Store<readonly string[]>;
  get(jid: Jid): Contact | undefined;
  /** Asks somebody. `invitation`: the token of their contact invitation, which is accepted without asking them. */
  add(jid: Jid, options?: { readonly message?: string; readonly remark?: string; readonly invitation?: string }): Promise<void>;
  accept(jid: Jid): Promise<void>;
  decline(jid: Jid): Promise<void>;
  later(jid: Jid): Promise<void>;
  setRemark(jid: Jid, remark: string | null): Promise<void>;
  setTags(jid: Jid, tags: readonly string[]): Promise<void>;
  remove(jid: Jid): Promise<void>;
  block(jid: Jid): Promise<void>;
  unblock(jid: Jid): Promise<void>;
}

export interface Profile {
  readonly jid: Jid;
  /** Null: has none. */
  readonly nickname: string | null;
  readonly avatar: Avatar | null;
  readonly about: string | null;
  readonly email: string | null;
}

export interface Avatar {
  /** Changes when the picture does. */
  readonly hash: string;
  /** PNG, JPEG, GIF or WebP, whatever the sender claimed; never SVG. */
  readonly blob: Blob;
}

export interface Profiles {
  /** One's own. */
  readonly own: Store<Profile>;
  /** From the cache at once; asks the server when not known or when presence told of a newer avatar. Same store for the same address. */
  of(jid: Jid): Store<Profile>;
  /** Asks the server now; rejects when there is no such account. */
  refresh(jid: Jid): Promise<Profile>;
  setNickname(nickname: string): Promise<void>;
  setAbout(about: string): Promise<void>;
  /** An already cropped and shrunk picture, or null for none. */
  setAvatar(picture: Blob | null): Promise<void>;
}

export interface Presence {
  readonly status: 'online' | 'away' | 'busy' | 'offline';
  /** A status text somebody set; empty: none. */
  readonly text: string;
  /** Offline or away: when last seen (ms); null: unknown or not for one to know. */
  readonly lastSeen: number | null;
}

export interface PresenceModule {
  /** Same store for the same address. */
  of(jid: Jid): Store<Presence>;
  /** Asks the server when somebody who is offline was last seen, and puts it in the store. */
  askLastSeen(jid: Jid): Promise<void>;
  readonly own: Store<{ readonly status: 'online' | 'away' | 'busy'; readonly text: string }>;
  set(status: 'online' | 'away' | 'busy', text?: string): Promise<void>;
}

/** Somebody found in the server's directory: only who chose to be found. */
export interface Found {
  readonly jid: Jid;
  readonly name: string;
}

export interface Directory {
  find(words: string): Promise<readonly Found[]>;
}

/** What stands behind an invitation link. */
export interface InvitationInfo {
  readonly valid: boolean;
  readonly kind: 'account' | 'contact';
  readonly inviter: Jid | null;
  readonly inviterName: string | null;
  readonly expires: number | null;
}

export interface Invitation {
  /** `xmpp:` address for other clients and QR codes. */
  readonly uri: string;
  /** The landing page's address. */
  readonly link: string;
  readonly token: string;
  readonly expires: number | null;
}

export interface Invitations {
  /** An invitation to become one's contact: whoever opens it is added; without an account they may make one when the server allows it. */
  toContact(): Promise<Invitation>;
  /** An account without becoming a contact: operators. */
  toAccount(): Promise<Invitation>;
  /** Asks the server what a token is worth. Works signed out. */
  look(token: string): Promise<InvitationInfo>;
  /** Takes an `https:` link or `xmpp:` address apart; null when it is none. Never does anything by itself. */
  parse(text: string): { readonly jid: Jid | null; readonly token: string | null; readonly kind: 'account' | 'contact' } | null;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly software: string;
  readonly current: boolean;
  readonly online: boolean;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
}

export interface Devices {
  list(): Promise<readonly Device[]>;
  /** Signs another device out and makes its token worthless. */
  revoke(id: string): Promise<void>;
}

export interface PrivacySettings {
  readonly lastSeen: 'contacts' | 'nobody';
  readonly readReceipts: boolean;
  readonly searchable: boolean;
}

export interface Privacy {
  /** Null while not known. */
  readonly settings: Store<PrivacySettings | null>;
  set(change: Partial<PrivacySettings>): Promise<void>;
}
