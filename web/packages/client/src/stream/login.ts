// From an open socket to a session: SASL2 with Bind 2, FAST and inline resumption in one round trip. What only a login
// with a password needs, and what older servers need, is loaded when it is used (`password.ts`).
import { ClientError } from '../api/base';
import { fromBase64, toBase64, type Bytes } from '../base/bytes';
import { saslError } from '../base/conditions';
import { domainOf, localOf } from '../base/jid';
import * as NS from '../base/ns';
import { x, type Element } from '../xml/element';
import { Management } from './management';
import type { ScramSecret } from './scram';
import { HashedToken, type Mechanism } from './token';
import { awaitFeatures, features as mustBeFeatures, greet, openStream, type Socket } from './socket';

export interface FastToken {
  readonly token: string;
  /** How often it was used: servers use it to see replays. */
  readonly count: number;
}

export type Password = { readonly password: string } | { readonly secret: ScramSecret };
export type Credential = Password | { readonly fast: FastToken };

export interface LoginRequest {
  readonly jid: string;
  readonly credential: Credential;
  readonly device: { readonly id: string; readonly software: string; readonly name: string };
  /** A session that may be resumed. */
  readonly resume?: { readonly jid: string; readonly management: Management } | undefined;
  readonly lang: string;
  /** With a token: make it worthless with this very login. */
  readonly invalidate?: boolean;
}

export interface LoggedIn {
  readonly jid: string;
  readonly resumed: boolean;
  readonly management: Management | null;
  readonly features: Element;
  /** A new token, in place of any other. */
  readonly token: FastToken | null;
  readonly secret: ScramSecret | null;
  /** Carbons are on already. */
  readonly carbons: boolean;
}

/** Opens the stream and logs in. With a token the login goes out with the first frame: its server is known to take it. */
export async function openAndLogIn(socket: Socket, request: LoginRequest): Promise<LoggedIn> {
  const domain = domainOf(request.jid);
  if ('fast' in request.credential) {
    greet(socket, domain, request.lang, request.jid);
    const ready = sasl2(socket, request, null);
    const known = awaitFeatures(socket);
    return finish2(socket, request, await ready, await known);
  }
  return logIn(socket, request, await openStream(socket, domain, request.lang, request.jid));
}

/** On a stream whose features are known. */
export async function logIn(socket: Socket, request: LoginRequest, features: Element): Promise<LoggedIn> {
  const offered = features.child('authentication', NS.sasl2);
  if (offered) return finish2(socket, request, await sasl2(socket, request, offered), features);
  if ('fast' in request.credential) throw new ClientError('session-expired');
  return (await import('./password')).sasl1(socket, request, features);
}

async function mechanismFor({ jid, credential }: LoginRequest): Promise<Mechanism> {
  if ('fast' in credential) return new HashedToken(localOf(jid), credential.fast.token);
  return (await import('./password')).scram(jid, credential);
}

export function offers(list: Element | undefined, name: string): boolean {
  return list?.all('mechanism').some((m) => m.text === name) ?? false;
}

const inlineOf = (offered: Element | null): Element | undefined => offered?.child('inline');

/** Sends `<authenticate/>`; `offered` is null when it is sent ahead of the features. */
async function sasl2(socket: Socket, request: LoginRequest, offered: Element | null): Promise<Mechanism> {
  const mechanism = await mechanismFor(request);
  if (offered && !('fast' in request.credential) && !offers(offered, mechanism.name)) throw new ClientError('incompatible');
  const fast = inlineOf(offered)?.child('fast', NS.fast);
  const { device, resume, credential } = request;
  socket.send(
    x('authenticate', { xmlns: NS.sasl2, mechanism: mechanism.name },
      x('initial-response', {}, toBase64(await mechanism.first())),
      x('user-agent', { id: device.id }, x('software', {}, device.software), device.name && x('device', {}, device.name)),
      resume && x('resume', { xmlns: NS.sm, previd: resume.management.id, h: resume.management.received }),
      !request.invalidate && x('bind', { xmlns: NS.bind2 },
        x('tag', {}, device.software),
        x('enable', { xmlns: NS.sm, resume: 'true' }),
        x('enable', { xmlns: NS.carbons })),
      'fast' in credential && x('fast', { xmlns: NS.fast, count: credential.fast.count, invalidate: request.invalidate && 'true' }),
      offers(fast, HashedToken.NAME) && !('fast' in credential) && x('request-token', { xmlns: NS.fast, mechanism: HashedToken.NAME })));
  return mechanism;
}

async function finish2(socket: Socket, request: LoginRequest, mechanism: Mechanism, before: Element): Promise<LoggedIn> {
  const success = await exchange(socket, NS.sasl2, mechanism);
  const data = success.child('additional-data')?.text;
  await mechanism.verify(fromBase64(data ?? ''));
  const bound = success.child('bound', NS.bind2);
  const resumed = success.child('resumed', NS.sm);
  const token = tokenIn(success) ?? used(request.credential);
  const { secret } = mechanism;
  if (request.invalidate) return { ...nobody(request, before), token: null };
  // The old stream goes on at once, without features of its own (XEP-0198 §9.2).
  if (resumed) return { ...(await resume(request, resumed)), features: before, token, secret };
  const features = mustBeFeatures(await socket.next());
  if (!bound) return { ...(await (await import('./password')).bindAndManage(socket, request, features)), token, secret };
  const management = Management.fromEnabled(bound.child('enabled', NS.sm));
  confirmOld(request, success.child('failed', NS.sm));
  return { jid: success.textOf('authorization-identifier'), resumed: false, management, features, token, secret, carbons: true };
}

export const nobody = (request: LoginRequest, features: Element): LoggedIn =>
  ({ jid: request.jid, resumed: false, management: null, features, token: null, secret: null, carbons: false });

function tokenIn(success: Element): FastToken | null {
  const token = success.child('token', NS.fast);
  return token ? { token: token.attr('token'), count: 1 } : null;
}

const used = (credential: Credential): FastToken | null =>
  'fast' in credential ? { ...credential.fast, count: credential.fast.count + 1 } : null;

/** Challenges until success or failure. */
export async function exchange(socket: Socket, ns: string, mechanism: Mechanism): Promise<Element> {
  for (;;) {
    const element = await socket.next();
    if (element.ns === ns && element.name === 'success') return element;
    if (element.ns === ns && element.name === 'failure') throw saslError(element);
    if (element.ns !== ns || element.name !== 'challenge') throw new ClientError('incompatible', element.name);
    const answer: Bytes = await mechanism.respond(fromBase64(element.text));
    socket.send(x('response', { xmlns: ns }, toBase64(answer)));
  }
}

/** The session goes on: what the server had got is confirmed. */
export async function resume({ resume }: LoginRequest, answer: Element): Promise<Pick<LoggedIn, 'jid' | 'resumed' | 'management' | 'carbons'>> {
  const { jid, management } = resume!;
  if (!management.confirm(Number(answer.attr('h')))) throw new ClientError('connection-lost');
  return { jid, resumed: true, management, carbons: true };
}

/** It does not go on; some servers still tell how much they had got (0198 §5). */
export function confirmOld({ resume }: LoginRequest, failed: Element | undefined): void {
  const h = failed?.attr('h');
  if (h) resume?.management.confirm(Number(h));
}
