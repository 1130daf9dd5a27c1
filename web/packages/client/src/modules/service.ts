// What the server can do (0030), what time it has (0202), and what this client answers when asked the same.
import type { Features } from '../api/connection';
import * as NS from '../base/ns';
import type { Core, Module } from '../state/core';
import type { Incoming } from '../state/router';
import type { LoggedIn } from '../stream/login';
import { x, type Element } from '../xml/element';

/** What a server announces for each of `Features`. */
const ANNOUNCED = {
  history: [NS.mam], inbox: [NS.inbox], upload: [NS.upload], directory: [NS.search], invitations: [`${NS.invite}#invite`],
  accountInvitations: [`${NS.invite}#create-account`], blocking: [NS.blocking], devices: [NS.devices], privacy: [NS.ownPrivacy],
  recall: [NS.retract], registration: [NS.register],
};

export class Service implements Module {
  readonly claims = [
    { stanza: 'iq', type: 'get', child: [NS.discoInfo, 'query'], from: 'anyone' },
    { stanza: 'iq', type: 'get', child: [NS.ping, 'ping'], from: 'anyone' },
    { stanza: 'iq', type: 'get', child: [NS.version, 'query'], from: 'anyone' },
  ] as const;

  constructor(
    private readonly core: Core,
    private readonly software: string,
  ) {}

  /** Before the other modules ask for what may not be there. */
  async fresh(login: LoggedIn): Promise<void> {
    if (!login.carbons) this.core.set(x('enable', { xmlns: NS.carbons })).catch(this.core.trouble);
    const known = this.core.features.get() !== NO_FEATURES;
    const looking = this.look();
    void this.clock();
    // What was known at the last login is good enough to go on with.
    if (known) looking.catch(this.core.trouble);
    else await looking;
  }

  async take({ payload }: Incoming): Promise<Element | null> {
    return payload.ns === NS.ping ? null : (await import('../commands/all')).about(payload, this.software);
  }

  private async look(): Promise<void> {
    const ask = (to: string): Promise<Element> => this.core.get(x('query', { xmlns: NS.discoInfo }), to);
    // What one may do by commands, such as inviting, is a list of its own; a server without any may answer with an error.
    const items = this.core.get(x('query', { xmlns: NS.discoItems, node: NS.commands }), this.core.domain).catch(() => null);
    const [server, account] = await Promise.all([ask(this.core.domain), ask(this.core.me)]);
    const features = interpret([query(server), query(account)], (await items)?.child('query', NS.discoItems)?.all('item'));
    this.core.shared.put('connection', 'features', features);
    await this.core.shared.write([['account', 'features', features]]);
  }

  private async clock(): Promise<void> {
    const asked = Date.now();
    const answer = await this.core.get(x('time', { xmlns: NS.time }), this.core.domain).catch(() => null);
    const utc = Date.parse(answer?.child('time', NS.time)?.textOf('utc') ?? '');
    // Whole seconds may be cut off; half the way there and back has passed.
    const ahead = utc + 500 - (asked + Date.now()) / 2;
    if (utc) this.core.ahead = Math.abs(ahead) < 1500 ? 0 : ahead;
  }
}

const query = (answer: Element): Element => answer.child('query', NS.discoInfo) ?? x('query', { xmlns: NS.discoInfo });

function interpret(infos: readonly Element[], commands: readonly Element[] = []): Features {
  const there = new Set([...infos.flatMap((info) => info.all('feature').map((f) => f.attr('var'))), ...commands.map((c) => c.attr('node'))]);
  const limit = infos.flatMap((info) => info.all('x', NS.data)).flatMap((form) => form.all('field')).find((f) => f.attr('var') === 'max-file-size');
  const offered = Object.entries(ANNOUNCED).map(([name, any]) => [name, any.some((feature) => there.has(feature))]);
  return { ...(Object.fromEntries(offered) as Omit<Features, 'uploadLimit'>), uploadLimit: Number(limit?.textOf('value')) || null };
}

/** While never online. */
export const NO_FEATURES = interpret([]);
