// A server at the other end of a WebSocket, in the same process and under the test's control: for what a good server
// never does (forging), for timing, and for features beyond the real one. It speaks SASL2, Bind 2, FAST and 0198.
import { createHmac, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { createClient, type Client } from '../src/index';
import * as NS from '../src/base/ns';
import { MemoryStorage } from '../src/storage/memory';
import { Element, x } from '../src/xml/element';
import { strictParser } from '../src/xml/strict';

const parse = strictParser(Element);
const SALT = Buffer.from('a salt for tests');
const b64 = (data: Buffer | string): string => Buffer.from(data).toString('base64');
const unb64 = (text: string): string => Buffer.from(text, 'base64').toString();
const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();

export interface Options {
  /** Without: SASL1, bind and 0198 one by one. */
  readonly sasl2: boolean;
  readonly password: string;
  /** A server that does not know the password. */
  readonly impostor: boolean;
  readonly features: readonly string[];
}

/** Answers an IQ, or leaves it to the defaults. */
type Answer = (iq: Element, server: ScriptedServer) => Element | 'nothing' | undefined;

export class ScriptedServer {
  readonly options: Options;
  /** All stanzas and other elements that came, over all connections. */
  readonly received: Element[] = [];
  readonly connections: Connection[] = [];
  readonly answers: Answer[] = [];
  /** Sessions that can be resumed. */
  readonly sessions = new Map<string, { jid: string; received: number }>();
  readonly tokens = new Set<string>();
  /** Whether it confirms stanzas (0198). */
  confirming = true;
  reachable = true;
  private waiting: { wanted: (e: Element) => boolean; resolve: (e: Element) => void }[] = [];

  constructor(options: Partial<Options> = {}) {
    this.options = { sasl2: true, password: 'secret', impostor: false, features: [NS.mam, NS.blocking], ...options };
  }

  get connection(): Connection {
    return this.connections.at(-1)!;
  }

  /** To the client, as it stands. */
  push(stanza: Element): void {
    this.connection.send(stanza);
  }

  note(element: Element): void {
    this.received.push(element);
    this.waiting = this.waiting.filter(({ wanted, resolve }) => !wanted(element) || resolve(element));
  }

  /** The next element, or one that came already, that is as wanted. */
  saw(wanted: (element: Element) => boolean): Promise<Element> {
    const there = this.received.find(wanted);
    if (there) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never came: ${wanted}; came: ${this.received.join('\n')}`)), 30_000);
      this.waiting.push({ wanted, resolve: (e) => (clearTimeout(timer), resolve(e)) });
    });
  }

  /** The class a client is given as `WebSocket`. */
  get WebSocket(): typeof WebSocket {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const server = this;
    return class {
      protocol = '';
      readyState = 0;
      onopen: (() => void) | null = null;
      onmessage: ((event: { data: string }) => void) | null = null;
      onclose: (() => void) | null = null;
      onerror: (() => void) | null = null;
      private readonly connection = new Connection(server, {
        send: (text) => queueMicrotask(() => this.onmessage?.({ data: text })),
        close: () => queueMicrotask(() => ((this.readyState = 3), this.onclose?.())),
      });
      constructor() {
        queueMicrotask(() => {
          if (!server.reachable) return this.onclose?.();
          server.connections.push(this.connection);
          this.protocol = 'xmpp';
          this.readyState = 1;
          this.onopen?.();
        });
      }
      send(text: string): void {
        this.connection.receive(parse(text));
      }
      close(): void {
        this.readyState = 3;
      }
    } as unknown as typeof WebSocket;
  }

  /** A client of this server. */
  async client(storage = new MemoryStorage()): Promise<Client> {
    return createClient({ domain: 'example.org', websocket: 'wss://example.org/xmpp', WebSocket: this.WebSocket, storage });
  }

  async loggedIn(storage?: MemoryStorage): Promise<Client> {
    const client = await this.client(storage);
    await client.connection.login({ user: 'me', password: this.options.password });
    return client;
  }
}

/** An archive of one conversation, in pages as XEP-0059 says. */
export class ScriptedArchive {
  readonly stored: { readonly id: string; readonly time: string; readonly stanza: Element }[] = [];

  add(stanza: Element, time: string): string {
    const id = `archive-${this.stored.length}`;
    this.stored.push({ id, time, stanza });
    return id;
  }

  readonly answer: Answer = (iq, server) => {
    const query = iq.child('query', NS.mam);
    if (!query) return undefined;
    const set = query.child('set', NS.rsm);
    const [max, before, after] = [Number(set?.textOf('max')), set?.child('before')?.text, set?.textOf('after')];
    const index = (id: string): number => this.stored.findIndex((s) => s.id === id);
    const end = before ? index(before) : this.stored.length;
    const start = after ? index(after) + 1 : 0;
    const page = before !== undefined ? this.stored.slice(Math.max(0, end - max), end) : this.stored.slice(start, start + max);
    for (const { id, time, stanza } of page) {
      const forwarded = x('forwarded', { xmlns: NS.forward }, x('delay', { xmlns: NS.delay, stamp: time }), stanza);
      server.push(x('message', { xmlns: NS.client }, x('result', { xmlns: NS.mam, queryid: query.attr('queryid'), id }, forwarded)));
    }
    const complete = before !== undefined ? end <= max : start + max >= this.stored.length;
    return x('iq', { xmlns: NS.client, type: 'result', id: iq.attr('id') }, x('fin', { xmlns: NS.mam, complete: complete ? 'true' : null }, x('set', { xmlns: NS.rsm })));
  };
}

export class Connection {
  private jid = '';
  private sm = '';
  private count = 0;
  private nonce = '';
  private first = '';
  private hello = true;
  private authenticated = false;

  constructor(
    private readonly server: ScriptedServer,
    private readonly wire: { send: (text: string) => void; close: () => void },
  ) {}

  send(element: Element): void {
    this.wire.send(element.toString());
  }

  raw(text: string): void {
    this.wire.send(text);
  }

  /** Says that all that came is stored. */
  confirm(): void {
    const session = this.server.sessions.get(this.sm);
    if (session) session.received = this.count;
    this.send(x('a', { xmlns: NS.sm, h: this.count }));
  }

  /** As a broken network. */
  cut(): void {
    this.wire.close();
  }

  receive(e: Element): void {
    this.server.note(e);
    if (e.ns === NS.framing) return e.name === 'open' ? this.opened() : undefined;
    if (e.ns === NS.sasl2 || e.ns === NS.sasl) return this.login(e);
    if (e.ns === NS.sm) return this.management(e);
    this.count++;
    const session = this.server.sessions.get(this.sm);
    if (session && this.server.confirming) session.received = this.count;
    if (e.name === 'iq' && /^(get|set)$/.test(e.attr('type'))) this.iq(e);
  }

  private opened(): void {
    this.send(x('open', { xmlns: NS.framing, from: 'example.org', id: 'stream', version: '1.0' }));
    this.features();
  }

  private features(): void {
    const { sasl2 } = this.server.options;
    const mechanism = x('mechanism', {}, 'SCRAM-SHA-256');
    const before = sasl2
      ? x('authentication', { xmlns: NS.sasl2 }, mechanism, x('inline', {}, x('sm', { xmlns: NS.sm }), x('bind', { xmlns: NS.bind2 }), x('fast', { xmlns: NS.fast }, x('mechanism', {}, 'HT-SHA-256-NONE'))))
      : x('mechanisms', { xmlns: NS.sasl }, mechanism);
    this.send(x('features', { xmlns: NS.streams }, this.authenticated ? [x('bind', { xmlns: NS.bind }), x('sm', { xmlns: NS.sm })] : before));
  }

  private login(e: Element): void {
    if (e.name === 'authenticate' && e.attr('mechanism').startsWith('HT-')) return this.token(e);
    if (e.name === 'authenticate' || e.name === 'auth') {
      this.request = e;
      const given = unb64(e.textOf('initial-response') || e.text).replace('n,,', '');
      this.nonce = `${/r=(.*)$/.exec(given)![1]}theirs`;
      this.first = `${given},r=${this.nonce},s=${b64(SALT)},i=4096`;
      return this.send(x('challenge', { xmlns: e.ns }, b64(this.first.slice(given.length + 1))));
    }
    const answer = unb64(e.text);
    const [withoutProof, proof] = answer.split(',p=');
    const salted = pbkdf2Sync(this.server.options.password, SALT, 4096, 32, 'sha256');
    const auth = `${this.first},${withoutProof}`;
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash('sha256').update(clientKey).digest(), auth);
    const right = clientKey.every((byte, at) => (byte ^ signature[at]!) === Buffer.from(proof!, 'base64')[at]);
    if (!right && !this.server.options.impostor) return this.send(x('failure', { xmlns: e.ns }, x('not-authorized', { xmlns: NS.sasl })));
    const proofOfServer = `v=${b64(hmac(hmac(this.server.options.impostor ? randomBytes(32) : salted, 'Server Key'), auth))}`;
    this.authenticated = true;
    if (e.ns === NS.sasl) return this.send(x('success', { xmlns: NS.sasl }, b64(proofOfServer)));
    this.succeed(b64(proofOfServer));
  }

  private request!: Element;

  private token(e: Element): void {
    this.request = e;
    const initial = Buffer.from(e.textOf('initial-response'), 'base64').toString('latin1');
    const given = initial.slice(initial.indexOf('\0') + 1);
    const token = [...this.server.tokens].find((t) => hmac(t, 'Initiator').toString('latin1') === given);
    if (!token) return this.send(x('failure', { xmlns: NS.sasl2 }, x('not-authorized', { xmlns: NS.sasl })));
    this.authenticated = true;
    if (e.child('fast', NS.fast)?.attr('invalidate') === 'true') this.server.tokens.delete(token);
    if (this.hello) this.succeed(b64(hmac(token, 'Responder')));
  }

  private succeed(data: string): void {
    const { request, server } = this;
    const resume = request.child('resume', NS.sm);
    const old = resume && server.sessions.get(resume.attr('previd'));
    const parts: Element[] = [x('additional-data', {}, data)];
    if (old) {
      [this.sm, this.jid, this.count] = [resume!.attr('previd'), old.jid, old.received];
      parts.push(x('resumed', { xmlns: NS.sm, previd: this.sm, h: old.received }));
    } else {
      if (resume) parts.push(x('failed', { xmlns: NS.sm }, x('item-not-found', { xmlns: NS.stanzaErrors })));
      if (request.child('bind', NS.bind2)) parts.push(x('bound', { xmlns: NS.bind2 }, this.enable()));
    }
    parts.push(x('authorization-identifier', {}, this.jid || 'me@example.org'));
    if (request.child('request-token', NS.fast)) {
      const token = randomBytes(12).toString('hex');
      server.tokens.add(token);
      parts.push(x('token', { xmlns: NS.fast, token, expiry: '2099-01-01T00:00:00Z' }));
    }
    this.send(x('success', { xmlns: NS.sasl2 }, parts));
    // XEP-0198 §9.2: none where a stream goes on.
    if (!old) this.features();
  }

  private enable(): Element {
    this.jid ||= `me@example.org/${randomBytes(4).toString('hex')}`;
    this.sm = randomBytes(6).toString('hex');
    this.server.sessions.set(this.sm, { jid: this.jid, received: 0 });
    this.count = 0;
    return x('enabled', { xmlns: NS.sm, id: this.sm, resume: 'true', max: '300' });
  }

  private management(e: Element): void {
    if (e.name === 'enable') this.send(this.enable());
    else if (e.name === 'resume') {
      const old = this.server.sessions.get(e.attr('previd'));
      if (!old) return this.send(x('failed', { xmlns: NS.sm }, x('item-not-found', { xmlns: NS.stanzaErrors })));
      [this.sm, this.jid, this.count] = [e.attr('previd'), old.jid, old.received];
      this.send(x('resumed', { xmlns: NS.sm, previd: this.sm, h: old.received }));
    } else if (e.name === 'r') this.send(x('a', { xmlns: NS.sm, h: this.server.sessions.get(this.sm)?.received ?? 0 }));
  }

  private iq(e: Element): void {
    const payload = e.elements[0]!;
    for (const answer of this.server.answers) {
      const given = answer(e, this.server);
      if (given === 'nothing') return;
      if (given) return this.send(given);
    }
    const result = (...children: Element[]): void => this.send(x('iq', { xmlns: NS.client, type: 'result', id: e.attr('id'), from: e.attr('to') || null }, children));
    if (payload.ns === NS.bind) {
      this.jid = `me@example.org/${randomBytes(4).toString('hex')}`;
      result(x('bind', { xmlns: NS.bind }, x('jid', {}, this.jid)));
    } else if (payload.ns === NS.discoInfo) result(x('query', { xmlns: NS.discoInfo }, this.server.options.features.map((f) => x('feature', { var: f }))));
    else if (payload.ns === NS.roster) result(x('query', { xmlns: NS.roster }));
    else if (payload.ns === NS.mam) result(x('fin', { xmlns: NS.mam, complete: 'true' }, x('set', { xmlns: NS.rsm })));
    else result();
  }
}
