// Talk: the list of conversations, their messages, and the files in them.
import type { ErrorCode, Jid, Store, Unsubscribe } from './base';

/** Rooms come later; the word is here so that nothing is built on "always one person". */
export type ConversationKind = 'person' | 'room';

export interface Conversation {
  readonly jid: Jid;
  readonly kind: ConversationKind;
  /** What to show as its title. */
  readonly name: string;
  readonly unread: number;
  readonly pinned: boolean;
  readonly muted: boolean;
  /** Marked unread by hand. */
  readonly marked: boolean;
  /** What was typed and not sent, kept on this device; empty: none. */
  readonly draft: string;
  readonly typing: boolean;
  /** The newest message; null: none known. */
  readonly last: Preview | null;
  /** Sort by this: time of the newest message, or when it was begun. */
  readonly time: number;
}

export interface Preview {
  readonly id: string;
  readonly mine: boolean;
  /** `text`: one line of body. The others have their own words and glyph in the app; `text` is a caption or file name then. */
  readonly kind: 'text' | 'image' | 'video' | 'audio' | 'file' | 'recalled' | 'encrypted';
  readonly text: string;
  readonly state: MessageState;
}

export interface Conversations {
  /** Pinned first, then by time, newest first. Hidden ones are not in it. */
  readonly list: Store<readonly Conversation[]>;
  /** Sum of unread in conversations that are not muted, marked ones as 1: the title badge. */
  readonly unread: Store<number>;
  get(jid: Jid): Conversation | undefined;
  /** One conversation; null: not in the list. Same store for the same address. */
  of(jid: Jid): Store<Conversation | null>;
  /** Puts somebody in the list before the first message. */
  begin(jid: Jid): void;
  setPinned(jid: Jid, pinned: boolean): Promise<void>;
  setMuted(jid: Jid, muted: boolean): Promise<void>;
  setMarked(jid: Jid, marked: boolean): Promise<void>;
  /** Out of the list until the next message. */
  hide(jid: Jid): Promise<void>;
  /** What is half written; resolves when a reload would find it. A failure of the storage is a `trouble` event. */
  setDraft(jid: Jid, text: string): Promise<void>;
}

/**
 * `uploading`: files are on their way. `sending`: in the outbox, not yet stored by the server. `sent`: stored.
 * `delivered`: on a device of the other side. `read`: seen there. `failed`: `error` says why; retry or delete.
 * Messages of others are always `delivered`.
 */
export type MessageState = 'uploading' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed';

/** Immutable: a change makes a new object. */
export interface Message {
  /** Names this message on this device, in every method here. The same after a reload. */
  readonly id: string;
  readonly conversation: Jid;
  readonly author: Jid;
  readonly mine: boolean;
  /** Milliseconds since 1970, by the server's clock where known. */
  readonly time: number;
  /** Without reply quotes and file addresses. Plain text with 0393 styling; empty for files without caption. */
  readonly body: string;
  readonly files: readonly MessageFile[];
  readonly reply: Reply | null;
  /** Emoji → who. */
  readonly reactions: readonly Reaction[];
  readonly edited: boolean;
  readonly recalled: boolean;
  /** Forwarded from; null: not a forward. */
  readonly forwarded: { readonly name: string } | null;
  /** The body is only for a client with the right key: say so. */
  readonly encrypted: boolean;
  readonly state: MessageState;
  /** Only with `failed`. */
  readonly error: ErrorCode | null;
}

export interface Reply {
  /** The message that is answered, when it is known here; `messages.reveal` loads it otherwise. */
  readonly id: string | null;
  /** How the sender named it; give it to `reveal`. */
  readonly reference: string;
  readonly author: Jid;
  /** First words of what is answered: from the message itself when known, else as the sender quoted it. */
  readonly preview: string;
}

export interface Reaction {
  readonly emoji: string;
  readonly by: readonly Jid[];
  readonly mine: boolean;
}

export interface MessageFile {
  readonly name: string;
  /** As the sender claims; never trust it for more than a glyph. */
  readonly type: string;
  readonly size: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Seconds, for audio and video. */
  readonly duration: number | null;
  /** `https:` (or `http:` on this machine); empty while uploading. Never another scheme. */
  readonly url: string;
  /** A small picture of it, when the server makes one; else null. */
  readonly thumbnail: string | null;
  /** One's own file, while it is still here: draw this instead of loading `url`. */
  readonly local: Blob | null;
}

/** What a file is before it is sent. Shrink pictures and take out EXIF before: the SDK sends the bytes as they are. */
export interface FileDraft {
  readonly blob: Blob;
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

export interface MessageDraft {
  readonly body?: string;
  readonly files?: readonly FileDraft[];
  /** Id of the message that is answered. */
  readonly replyTo?: string;
}

export interface Timeline {
  readonly conversation: Jid;
  /**
   * Oldest first, without holes. Older ones are put before by `older()`. Holds what was loaded; a very long one keeps
   * growing until the timeline is closed.
   */
  readonly messages: Store<readonly Message[]>;
  readonly status: Store<TimelineStatus>;
  /** Loads a page upward, from the cache or the archive. False: the beginning is reached. */
  older(): Promise<boolean>;
  /** Loads upward until this message is there; false: it is not to be found. Takes an id or a `Reply.reference`. */
  reveal(reference: string): Promise<Message | null>;
  /** What was unread when it was opened: id of the first unread message, for the divider. */
  readonly firstUnread: string | null;
  /** Lets go of the messages in memory. */
  close(): void;
}

export interface TimelineStatus {
  readonly loading: boolean;
  /** The beginning of the conversation is in `messages`. */
  readonly atStart: boolean;
  /** All up to now is here. False while offline or before the archive's answer: newer ones may be missing at the end. */
  readonly current: boolean;
  /** The last load failed. */
  readonly error: ErrorCode | null;
}

export interface SearchPage {
  /** Newest first. */
  readonly hits: readonly Message[];
  /** Searches further back; null: all was searched. */
  readonly more: (() => Promise<SearchPage>) | null;
}

export interface Messages {
  /** Opens a conversation. Paints from the cache before it resolves. Each call makes a timeline of its own: close it. */
  open(jid: Jid): Promise<Timeline>;
  /**
   * Puts a message (one more per further file) in the outbox and returns at once with the ids; nothing is lost by a
   * reload after that. Rejects only with `storage-failed`.
   */
  send(to: Jid, draft: MessageDraft): Promise<readonly string[]>;
  /** Sends a failed message again, under the same origin-id, so that it is never there twice. */
  retry(jid: Jid, id: string): Promise<void>;
  /** Ends an upload, or takes back what is still in the outbox and was not yet on the wire. */
  cancel(jid: Jid, id: string): Promise<void>;
  /** Replaces one's own text (0308). */
  edit(jid: Jid, id: string, body: string): Promise<void>;
  /** Takes a message of one's own back for everybody (0424). */
  recall(jid: Jid, id: string): Promise<void>;
  /** Deletes on this device only. */
  remove(jid: Jid, id: string): Promise<void>;
  /** One's own reactions to a message, as a whole set; empty: none (0444). */
  react(jid: Jid, id: string, emoji: readonly string[]): Promise<void>;
  /** To one or many. */
  forward(from: Jid, ids: readonly string[], to: readonly Jid[]): Promise<void>;
  /** Call on each key press; the rest (composing, paused, no flood) is done here (0085). */
  typing(jid: Jid, typing: boolean): void;
  /** All up to this message was seen (0333, 0490). Call it when it is on a visible screen. */
  displayed(jid: Jid, id: string): Promise<void>;
  /** In one conversation, cache and archive, any part of a word, case ignored: 行高 is found inside a sentence. */
  search(jid: Jid, words: string, signal?: AbortSignal): Promise<SearchPage>;
  /** How far uploads are. Same store for the same message; null: none under way. */
  progress(id: string): Store<Progress | null>;
  /** How many messages wait to be sent. */
  readonly waiting: Store<number>;
}

export interface Progress {
  readonly sent: number;
  readonly total: number;
}

/** Uploads for more than messages. */
export interface Files {
  upload(file: FileDraft, options?: { readonly onProgress?: (progress: Progress) => void; readonly signal?: AbortSignal }): Promise<string>;
  /** What the server knows of a file of its own: type, bytes, dimensions. */
  info(url: string): Promise<{ readonly type: string; readonly size: number; readonly width: number | null; readonly height: number | null }>;
}

export type { Unsubscribe };
