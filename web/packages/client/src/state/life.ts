// From login to logout: who is logged in on this device, in every tab, and what of it is kept.
import { ClientError, type ErrorCode, type Jid } from '../api/base';
import type { ClientOptions, Table } from '../api/client';
import type { Connection, ConnectionState, Credentials, Features } from '../api/connection';
import { newId } from '../base/bytes';
import { asClientError } from '../base/conditions';
import { accountJid, domainOf } from '../base/jid';
import { Value } from '../base/store';
import { defaultDomain, findWebSocket } from '../stream/discovery';
import type { LoggedIn } from '../stream/login';
import type { Session } from '../stream/session';
import { NO_FEATURES } from '../modules/service';
import type { Core, Module } from './core';
import { Link, type Kept } from './link';
import { followPage } from './page';
import { Router, type Claimant } from './router';

/** What the next start needs. */
export interface Login extends Kept {
  readonly jid: Jid;
}

/** Whose data is on this device; `remember` false: to be gone at the next start. */
interface Owner {
  readonly jid: Jid;
  readonly remember: boolean;
}

const DATA: readonly Table[] = ['settings', 'contacts', 'conversations', 'messages', 'index', 'sync', 'outbox', 'blobs', 'profiles'];

export class Life implements Pick<Connection, 'state' | 'login' | 'retry'> {
  readonly state = new Value<ConnectionState>({ status: 'signed-out', reason: null });
  private readonly retryNow: () => Promise<void>;
  private jid: Jid | null = null;
  owner: Owner | null = null;
  private loading: Promise<void> = Promise.resolve();
  /** A first login that is under way, and what it leaves. */
  private entering: { readonly owner: Owner; kept: Kept } | null = null;
  private unfollow = (): void => {};

  constructor(
    private readonly core: Core,
    private readonly modules: readonly Module[],
    private readonly options: ClientOptions,
  ) {
    const { shared, tabs } = core;
    shared.watch('connection', (changes) => this.heard(changes));
    tabs.lead(this, 'connection', ['login']);
    this.retryNow = tabs.method('retry', async () => core.link.retry());
    tabs.leads.subscribe((leads) => void this.lead(leads).catch(core.trouble));
    core.router = new Router(modules.filter((m): m is Module & Claimant => !!m.claims && !!m.take), () => core.me, (stanza) => core.send(stanza));
  }

  /** Before anything else: what is known from the last time. */
  async load(): Promise<void> {
    const { shared } = this.core;
    this.owner = (await shared.get<Owner>('account', 'owner')) ?? null;
    const login = await shared.get<Login>('account', 'login');
    if (this.owner && !this.owner.remember && !login) await this.erase();
    this.core.link = await this.makeLink();
    this.core.features.set((await shared.get<Features>('account', 'features')) ?? NO_FEATURES);
    if (!login) return;
    this.state.set({ status: 'connecting', attempt: 1 });
    await this.enterAs(login.jid);
  }

  retry(): void {
    this.retryNow().catch(this.core.trouble);
  }

  close(): void {
    this.unfollow();
    this.core.link.stop();
  }

  private async makeLink(): Promise<Link> {
    const { shared } = this.core;
    let id = await shared.get<string>('account', 'device');
    if (!id) await shared.write([['account', 'device', (id = newId())]]);
    const { device, lang = 'en', WebSocket = globalThis.WebSocket } = this.options;
    const link = new Link({
      find: (domain) => findWebSocket(this.options, domain),
      WebSocket,
      device: { id, software: device?.software ?? 'Magpie', name: device?.name ?? '' },
      lang,
    });
    link.state.subscribe((state) => this.core.tabs.leads.get() && shared.put('connection', 'state', state));
    link.onKept = (kept) => this.keep(kept);
    link.onFresh = (session, login) => void this.fresh(session, login);
    link.onResumed = () => {
      for (const module of this.modules) module.resumed?.();
      link.online(false);
    };
    link.onLost = () => this.modules.forEach((m) => m.lost?.());
    link.onOver = (reason) => void this.leave(reason).catch(this.core.trouble);
    return link;
  }

  /** Whether this tab holds the connection. */
  private async lead(leads: boolean): Promise<void> {
    this.unfollow();
    this.unfollow = () => {};
    if (!leads) return this.core.link.stop();
    if (this.options.followPage ?? typeof document !== 'undefined') this.unfollow = followPage(this.core.link);
    const login = await this.core.shared.get<Login>('account', 'login');
    if (login) this.core.link.start(login.jid, login);
    else if (this.jid) await this.leave('session-expired');
  }

  private async fresh(session: Session, login: LoggedIn): Promise<void> {
    const { link, shared } = this.core;
    if (this.entering) this.entered(this.entering);
    shared.put('connection', 'account', login.jid);
    const { loading } = this;
    // Nothing may be routed to modules that do not know yet what is kept.
    session.onStanza = (stanza) => void loading.then(() => link.session === session && this.core.router.route(stanza)).catch(this.core.trouble);
    try {
      await loading;
      link.online(true);
      for (const module of this.modules) {
        if (link.session !== session) return;
        await module.fresh?.(login);
      }
      link.online(false);
    } catch (error) {
      // The connection broke meanwhile, or the server fails: a later session begins anew.
      const failure = asClientError(error);
      if (link.session !== session) return;
      if (session.live) this.core.trouble(failure);
      link.startAnew(new ClientError(failure.code === 'timeout' ? 'timeout' : 'connection-lost', failure.message));
    }
  }

  private entered({ owner, kept }: NonNullable<Life['entering']>): void {
    this.entering = null;
    void this.core.shared.write([['account', 'owner', owner]]).catch(this.core.trouble);
    this.owner = owner;
    this.keep(kept);
  }

  /** A token is worth less than what stays of the password: that is kept only where there are no tokens. */
  private keep(kept: Kept): void {
    if (this.entering) this.entering.kept = kept;
    else if (this.owner?.remember) void this.core.shared.write([['account', 'login', { jid: this.owner.jid, ...kept }]]).catch(this.core.trouble);
  }

  // --- in every tab ------------------------------------------------------------------------------------------------

  private heard(changes: readonly (readonly [string, unknown])[]): void {
    for (const [key, value] of changes) {
      if (key === 'state' && value) this.state.set(value as ConnectionState);
      else if (key === 'features' && value) this.core.features.set(value as Features);
      else if (key === 'account') void this.enterAs(value as string | undefined).catch(this.core.trouble);
    }
  }

  /** A full address, or a bare one while never online, or nobody. */
  private enterAs(full: string | undefined): Promise<void> {
    const jid = full?.split('/')[0] ?? null;
    const before = this.jid;
    this.jid = jid;
    this.core.account.set(jid && full ? { jid, domain: domainOf(jid), fullJid: full.includes('/') ? full : '' } : null);
    if (jid === before) return this.loading;
    if (before) for (const module of this.modules) module.reset?.();
    if (jid) this.loading = this.loading.then(() => this.loadModules());
    return this.loading;
  }

  private async loadModules(): Promise<void> {
    for (const module of this.modules) await module.load?.();
  }

  // --- in the leading tab ------------------------------------------------------------------------------------------

  async login(credentials: Credentials): Promise<void> {
    if (!credentials.password) throw new ClientError('wrong-credentials');
    await this.enter(credentials);
  }

  async enter({ user, password, remember = true }: Credentials, register?: { invitation?: string | undefined }): Promise<void> {
    const jid = accountJid(user, defaultDomain(this.options));
    if (this.owner && this.owner.jid !== jid) await this.forget();
    this.entering = { owner: { jid, remember }, kept: { fast: null, secret: null } };
    try {
      await this.core.link.login(jid, password, register);
    } catch (error) {
      this.entering = null;
      throw error;
    }
  }

  /** The login is over by no wish of one's own: what waits to be sent stays for when the same person comes back. */
  private async leave(reason: ErrorCode): Promise<void> {
    this.core.shared.put('connection', 'account', undefined);
    await this.core.shared.write([['account', 'login', undefined]]);
    this.core.emit('signedOut', { reason });
  }

  /** Nothing of anybody is left on this device. */
  async forget(): Promise<void> {
    this.core.shared.put('connection', 'account', undefined);
    await this.erase();
  }

  private async erase(): Promise<void> {
    const { shared } = this.core;
    this.owner = null;
    this.core.features.set(NO_FEATURES);
    await shared.write([['account', 'login', undefined], ['account', 'owner', undefined], ['account', 'features', undefined]]);
    await shared.storage.clear(DATA);
  }
}
