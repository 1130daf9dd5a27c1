// The module behind `client.messages`: hears messages, keeps the open timelines, sends. What changes messages is in
// `commands/messages.ts`.
import { ClientError, type ErrorCode, type Jid } from '../api/base';
import type { FileDraft, MessageDraft, MessageFile, Messages, Progress, Reply, Timeline } from '../api/messages';
import type { Store } from '../api/base';
import { newId } from '../base/bytes';
import { bareOf } from '../base/jid';
import * as NS from '../base/ns';
import { Keyed } from '../base/store';
import type { Core, Module } from '../state/core';
import type { Claim, Incoming } from '../state/router';
import type { Element } from '../xml/element';
import type { Archive } from './archive';
import { Cache } from './cache';
import { firstWords, side, type Entry } from './entry';
import { History } from './history';
import { Journal, type Heard } from './journal';
import type { Outbox } from './outbox';
import { read, SPOKEN, type SaidMessage } from './read';
import { OpenTimeline } from './timeline';
import type { Typing } from './typing';
import type { Uploads } from './uploads';
import * as write from './write';

/** What the list of conversations needs to know. */
export interface TalkListener {
  /** Somebody else's messages that came just now. */
  arrived(jid: Jid, entries: readonly Entry[]): void;
  /** One has read up to here, on this or another device. */
  readUpTo(jid: Jid, entry: Entry): void;
  unreadIn(jid: Jid): number;
  mutedIn(jid: Jid): boolean;
}

/** What becomes one message. `file` is yet to be uploaded, `files` are at a server already. */
export interface Post {
  readonly body: string;
  readonly reply: Reply | null;
  readonly file: FileDraft | null;
  readonly files?: readonly MessageFile[];
  readonly forwardedFrom?: string | null;
  /** Makes the stanza; default: one without files. */
  readonly compose?: typeof write.message;
}

export class Talk implements Module, Pick<Messages, 'open' | 'send' | 'typing' | 'progress' | 'waiting'> {
  readonly claims: readonly Claim[] = [
    ...SPOKEN.map((child): Claim => ({ stanza: 'message', child, from: 'anyone' })),
    { stanza: 'message', type: 'error', from: 'anyone' },
  ];
  readonly cache: Cache;
  readonly journal: Journal;
  readonly history: History;
  readonly waiting: Store<number>;
  /** Takes back what was shown ahead of the server's word, when that is no. */
  readonly undo = new Map<string, (by: Jid, code: ErrorCode) => void>();
  listener!: TalkListener;
  uploads!: Uploads;
  private readonly opened = new Map<Jid, Set<OpenTimeline>>();
  private readonly progresses: Keyed<Progress | null>;

  constructor(
    private readonly core: Core,
    private readonly outbox: Outbox,
    archive: Archive,
    private readonly typist: Typing,
  ) {
    this.cache = new Cache(core.shared);
    this.journal = new Journal(core, this.cache);
    this.history = new History(core, this.journal, this.cache, archive);
    this.waiting = outbox.count;
    this.progresses = new Keyed((id) => core.shared.peek<Progress>('progress', id) ?? null);
    core.tabs.lead(this.history, 'history', ['catchUp', 'older']);
    this.journal.onRead = (jid, entry) => this.listener.readUpTo(jid, entry);
    this.history.onCurrent = (jid, current) => core.shared.put('connection', `current\t${jid}`, current || undefined);
    outbox.onStored = (to, id) => void this.stored(to, id).catch(core.trouble);
    core.shared.watch('messages', (changes) => this.changed(changes));
    core.shared.watch('progress', (changes) => changes.forEach(([id]) => this.progresses.refresh(id)));
    core.shared.watch('connection', (changes) => this.currency(changes));
  }

  // --- hearing -----------------------------------------------------------------------------------------------------

  take(incoming: Incoming): void {
    const { stanza, peer } = incoming;
    const said = read(stanza);
    if (!said.length) return;
    // At once: a confirmation that comes after the refusal must not count.
    for (const one of said) {
      if (one.kind !== 'error') continue;
      this.outbox.refused(peer, one.target);
      this.undo.get(one.target)?.(peer, one.code);
    }
    void this.core.serial(peer, () => this.hear(incoming, said)).catch(this.core.trouble);
  }

  private async hear({ stanza, peer, mine, via }: Incoming, said: ReturnType<typeof read>): Promise<void> {
    const archiveId = stanza.all('stanza-id', NS.sid).find((s) => s.attr('by') === this.core.me)?.attr('id') ?? null;
    const ids = { archiveId, stanzaId: stanza.attr('id'), originId: stanza.child('origin-id', NS.sid)?.attr('id') ?? '' };
    const heard: Heard[] = said.map((one) => ({ said: one, by: mine ? this.core.me : peer, mine, time: this.timeOf(stanza), ...ids }));
    const noted = await this.journal.note(peer, heard);
    await this.history.live(peer, archiveId);
    // What was before a message of one's own, sent from another device, was read there.
    const own = noted.find((n) => n.isNew && n.entry.mine)?.entry;
    if (own) this.listener.readUpTo(peer, own);
    if (mine) return;
    const news = noted.find((n) => n.isNew)?.entry;
    const message = heard.find((h) => h.said.kind === 'message')?.said as SaidMessage | undefined;
    if (message) this.typist.ended(peer);
    if (message?.wantsReceipt && via === 'live' && ids.stanzaId) this.core.send(write.receipt(peer, ids.stanzaId));
    if (!news) return;
    this.listener.arrived(peer, [news]);
    this.core.emit('message', { conversation: peer, message: news, muted: this.listener.mutedIn(peer) });
  }

  /** A delay counts only when our own server wrote it. */
  private timeOf(stanza: Element): number {
    const trusted = stanza.all('delay', NS.delay).find((d) => [this.core.me, this.core.domain].includes(bareOf(d.attr('from'))));
    return Date.parse(trusted?.attr('stamp') ?? '') || this.core.now();
  }

  // --- state -------------------------------------------------------------------------------------------------------

  async fresh(): Promise<void> {
    this.history.behind();
  }

  async catchUpOpen(): Promise<void> {
    for (const [jid, timelines] of this.opened) if (timelines.size) void this.catchUp([jid]);
  }

  /** One after the other. Being offline is no trouble: it is caught up later. */
  async catchUp(jids: readonly Jid[]): Promise<void> {
    try {
      for (const jid of jids) await this.history.catchUp(jid);
    } catch (error) {
      if (!(error instanceof ClientError && /^(offline|signed-out|connection-lost)$/.test(error.code))) this.core.trouble(error);
    }
  }

  reset(): void {
    this.history.behind();
  }

  private changed(changes: readonly (readonly [string, unknown])[]): void {
    for (const [jid, timelines] of this.opened) {
      const ours = changes.filter(([key]) => key.startsWith(`${jid}\t`)) as (readonly [string, Entry | undefined])[];
      if (ours.length) for (const timeline of timelines) timeline.changed(ours);
    }
  }

  private currency(changes: readonly (readonly [string, unknown])[]): void {
    for (const [key, current] of changes) {
      const [what, jid] = key.split('\t');
      if (what === 'current') for (const timeline of this.opened.get(jid!) ?? []) void timeline.setCurrent(!!current).catch(this.core.trouble);
    }
  }

  private async stored(to: Jid, id: string): Promise<void> {
    await this.core.serial(to, () =>
      this.journal.alter(to, side(true) + id, (e) => (e.state === 'sending' ? { ...e, state: 'sent', wire: null } : e)));
  }

  // --- Messages ----------------------------------------------------------------------------------------------------

  async open(jid: Jid): Promise<Timeline> {
    const timeline = new OpenTimeline(jid, this.cache, this.history, (t) => this.opened.get(jid)?.delete(t));
    const all = this.opened.get(jid) ?? new Set();
    this.opened.set(jid, all.add(timeline));
    await timeline.paint(this.listener.unreadIn(jid));
    const current = this.core.shared.peek<boolean>('connection', `current\t${jid}`) ?? false;
    await timeline.setCurrent(current);
    if (!current) void this.catchUp([jid]);
    return timeline;
  }

  async send(to: Jid, draft: MessageDraft): Promise<readonly string[]> {
    const answered = draft.replyTo ? await this.cache.byId(to, draft.replyTo) : undefined;
    const preview = answered ? firstWords(answered.body || answered.files[0]?.name || '') : '';
    const reply = answered ? { id: answered.id, reference: answered.reference, author: answered.author, preview } : null;
    const first: Post = { body: draft.body?.trim() ?? '', reply, file: draft.files?.[0] ?? null };
    const more = (draft.files ?? []).slice(1).map((file): Post => ({ body: '', reply: null, file }));
    const ids = [first, ...more].map(() => newId());
    await this.core.serial(to, async () => {
      for (const [at, post] of [first, ...more].entries()) await this.post(to, ids[at]!, post);
    });
    return ids.map((id) => side(true) + id);
  }

  /** Puts a message where it is seen and where it is sent from, at once. */
  async post(to: Jid, id: string, { body, reply, file, forwardedFrom = null, files = [], compose = write.message }: Post): Promise<void> {
    const time = this.core.now();
    const quoted = reply && { reference: reply.reference, author: reply.author, quote: reply.preview };
    const wire = file ? null : compose({ id, to, body, reply: quoted, forwardedFrom }).toString();
    const entry: Entry = {
      id: side(true) + id, conversation: to, author: this.core.me, mine: true, time, order: await this.cache.orderAfter(to, time),
      archiveId: null, reference: id, stanzaId: id, body, files: file ? [this.uploads.pending(file)] : files, reply,
      edited: false, editTime: 0, recalled: false, encrypted: false, forwarded: forwardedFrom === null ? null : { name: forwardedFrom },
      reactions: [], reactors: {}, state: file ? 'uploading' : 'sending', error: null, wire, wantsReceipt: false,
    };
    const way = wire === null ? this.uploads.parcel(entry.id, to, file!) : this.outbox.entry(to, id, wire, time);
    await this.core.shared.write([...this.cache.changes([entry]), way]);
    this.typist.ended(to, true);
  }

  typing(jid: Jid, typing: boolean): void {
    this.typist.type(jid, typing);
  }

  progress(id: string): Store<Progress | null> {
    return this.progresses.of(id);
  }
}
