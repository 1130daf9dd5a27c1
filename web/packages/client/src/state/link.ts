// Keeps a session alive: tries, waits, tries again; resumes what can be resumed; gives up only on what no retry mends.
import { ClientError, type ErrorCode } from '../api/base';
import type { ConnectionState } from '../api/connection';
import { asClientError } from '../base/conditions';
import * as NS from '../base/ns';
import { bareOf, domainOf } from '../base/jid';
import { safeUrl } from '../base/url';
import { Value } from '../base/store';
import { openAndLogIn, type Credential, type FastToken, type LoggedIn, type LoginRequest } from '../stream/login';
import type { NewAccount } from '../stream/registration';
import type { ScramSecret } from '../stream/scram';
import { Session } from '../stream/session';
import { Socket } from '../stream/socket';
import { x } from '../xml/element';

export interface LinkOptions {
  /** Where the WebSocket of a domain is. */
  readonly find: (domain: string) => Promise<string>;
  readonly WebSocket: typeof WebSocket;
  readonly device: LoginRequest['device'];
  readonly lang: string;
}

/** What a login leaves for the next one. */
export interface Kept {
  readonly fast: FastToken | null;
  readonly secret: ScramSecret | null;
}

/** After these, trying again with what one has is of no use. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'wrong-credentials', 'session-expired', 'signed-out-elsewhere', 'account-disabled', 'account-deleted', 'insecure', 'incompatible',
]);

/** Milliseconds: the first wait, the longest, the patience for each step of a login, and for a probe after waking up. */
const WAIT = { first: 500, longest: 60_000, step: 10_000, probe: 4_000, pulse: 60_000 };

export class Link {
  readonly state = new Value<ConnectionState>({ status: 'signed-out', reason: null });
  session: Session | null = null;
  private jid = '';
  private kept: Kept = { fast: null, secret: null };
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Asks now and then, so that a silent connection is not taken for a good one. */
  private pulse: ReturnType<typeof setInterval> | undefined;
  private attempt = 0;
  /** Tells an old try that it is not wanted any more. */
  private turn = 0;
  private active = true;

  /** A new session: nothing is known of what happened meanwhile. `carbons`: they are on. */
  onFresh: (session: Session, login: LoggedIn) => void = () => {};
  /** The old session goes on: nothing was missed. */
  onResumed: (session: Session) => void = () => {};
  onLost: () => void = () => {};
  /** What to keep for the next start. */
  onKept: (kept: Kept) => void = () => {};
  /** The login is over, not to be tried again. */
  onOver: (reason: ErrorCode) => void = () => {};

  constructor(private readonly options: LinkOptions) {}

  /** With what an earlier login left; goes on until `stop`. */
  start(jid: string, kept: Kept): void {
    this.stop();
    this.jid = jid;
    this.kept = kept;
    void this.connect(++this.turn);
  }

  /** The first login of an account: its failure is told to the caller and tried no further. */
  async login(jid: string, password: string, register?: Omit<NewAccount, 'username' | 'password'>): Promise<void> {
    this.stop();
    this.jid = jid;
    this.kept = { fast: null, secret: null };
    const turn = ++this.turn;
    this.state.set({ status: 'connecting', attempt: 1 });
    try {
      await this.try({ password }, turn, register);
    } catch (error) {
      if (turn === this.turn) this.state.set({ status: 'signed-out', reason: null });
      throw asClientError(error);
    }
  }

  /** Ends the session, if any. */
  stop(reason: ErrorCode | null = null): void {
    this.turn++;
    this.cancelTimer();
    const { session } = this;
    this.session = null;
    session?.close();
    if (session) this.onLost();
    this.attempt = 0;
    this.state.set({ status: 'signed-out', reason });
  }

  /** Now, instead of later. */
  retry(): void {
    if (this.state.get().status !== 'offline') return;
    this.attempt = 0;
    void this.connect(++this.turn);
  }

  /** The device woke up, or its network changed: find out at once whether the connection still stands. */
  check(): void {
    if (this.session?.live) void this.session.probe(WAIT.probe).catch(() => {});
    else this.retry();
  }

  /** The device says that it has no network. */
  networkGone(): void {
    this.session?.cut(new ClientError('offline'));
    if (this.state.get().status === 'offline') this.wait('offline');
  }

  setActive(active: boolean): void {
    this.active = active;
    this.session?.signal(x(active ? 'active' : 'inactive', { xmlns: NS.csi }));
  }

  /** Gives the session up, without resuming it, and tries again later. */
  startAnew(reason: ClientError): void {
    const { session } = this;
    this.session = null;
    session?.drop(reason);
    session?.close();
    this.onLost();
    this.wait(reason.code);
  }

  online(syncing: boolean): void {
    if (this.session?.live) this.state.set({ status: 'online', syncing });
  }

  private async connect(turn: number): Promise<void> {
    this.cancelTimer();
    this.attempt++;
    this.state.set({ status: 'connecting', attempt: this.attempt });
    try {
      await this.tryKept(turn);
    } catch (error) {
      if (turn === this.turn) this.wait(asClientError(error, 'unreachable').code);
    }
  }

  /** With the token, else with what stays of the password. */
  private async tryKept(turn: number): Promise<void> {
    const { fast, secret } = this.kept;
    if (!fast && !secret) throw new ClientError('session-expired');
    try {
      await this.try(fast ? { fast } : { secret: secret! }, turn);
    } catch (error) {
      throw fast && /^(wrong-credentials|incompatible)$/.test(asClientError(error).code) ? new ClientError('session-expired') : error;
    }
  }

  private async try(credential: Credential, turn: number, register?: Omit<NewAccount, 'username' | 'password'>): Promise<void> {
    const socket = await this.open(this.jid);
    try {
      const request = this.request(this.jid, credential);
      const login = register ? await (await import('../stream/password')).registerAndLogIn(socket, request, register) : await openAndLogIn(socket, request);
      if (turn !== this.turn) throw new ClientError('cancelled');
      if (bareOf(login.jid) !== this.jid) throw new ClientError('incompatible');
      this.established(socket, login);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  request(jid: string, credential: Credential): LoginRequest {
    const { session } = this;
    const resume = session?.management?.id && session.bare === jid ? { jid: session.jid, management: session.management } : undefined;
    return { jid, credential, device: this.options.device, lang: this.options.lang, resume };
  }

  async open(jid: string): Promise<Socket> {
    const url = await this.options.find(domainOf(jid));
    if (!safeUrl(url, 'ws')) throw new ClientError('insecure');
    return Socket.open({ url, WebSocket: this.options.WebSocket, patience: WAIT.step });
  }

  private established(socket: Socket, login: LoggedIn): void {
    this.attempt = 0;
    // Who has a token needs nothing else, or its revocation would not end the login.
    this.keep({ fast: login.token, secret: login.token ? null : (login.secret ?? this.kept.secret) });
    const old = this.session;
    const session = login.resumed && old ? old : new Session(login.jid, login.management);
    if (session !== old) old?.drop(new ClientError('connection-lost'));
    this.session = session;
    session.onLost = (reason) => this.lost(session, reason);
    if (login.resumed) {
      session.attach(socket, true);
      this.onResumed(session);
    } else {
      this.onFresh(session, login);
      session.attach(socket, false);
    }
    if (!this.active) this.setActive(false);
    this.pulse = setInterval(() => session.probe().catch(() => {}), WAIT.pulse);
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    this.onKept(kept);
  }

  private lost(session: Session, reason: ClientError): void {
    clearInterval(this.pulse);
    if (session !== this.session) return;
    this.onLost();
    this.wait(reason.code);
  }

  private over(reason: ErrorCode): void {
    this.session?.drop(new ClientError('signed-out'));
    this.session = null;
    this.stop(reason);
    this.onOver(reason);
  }

  /** Until the next try; forever, if no try mends it. */
  private wait(reason: ErrorCode): void {
    if (FINAL.has(reason)) return this.over(reason);
    this.turn++;
    this.cancelTimer();
    if (globalThis.navigator?.onLine === false) return this.state.set({ status: 'offline', reason: 'offline', retryAt: null });
    const longest = Math.min(WAIT.longest, WAIT.first * 2 ** this.attempt);
    const delay = longest * (0.5 + Math.random() / 2);
    this.state.set({ status: 'offline', reason, retryAt: Date.now() + delay });
    const turn = this.turn;
    this.timer = setTimeout(() => void this.connect(turn), delay);
  }

  private cancelTimer(): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
  }
}
