// Logging in with a password, and at servers that know only RFC 6120: SCRAM, SASL1, then resumption or binding, and
// XEP-0198 one after the other. A chunk of its own: with a token none of it is loaded.
import { ClientError } from '../api/base';
import { fromBase64, toBase64 } from '../base/bytes';
import { stanzaError } from '../base/conditions';
import { domainOf, localOf } from '../base/jid';
import { x, type Element } from '../xml/element';
import { confirmOld, exchange, logIn, nobody, offers, resume, type LoggedIn, type LoginRequest, type Password } from './login';
import { Management } from './management';
import { Scram } from './scram';
import { openStream, type Socket } from './socket';
import { registerAccount, type NewAccount } from './registration';


const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const SM = 'urn:xmpp:sm:3';

export function scram(jid: string, credential: Password): Scram {
  return new Scram(localOf(jid), 'password' in credential ? credential.password : credential.secret);
}

/** Makes the account of `request`, and logs in to it on the same stream. */
export async function registerAndLogIn(socket: Socket, request: LoginRequest, register: Omit<NewAccount, 'username' | 'password'>): Promise<LoggedIn> {
  const { jid, credential, lang } = request;
  if (!('password' in credential)) throw new ClientError('session-expired');
  const features = await openStream(socket, domainOf(jid), lang);
  await registerAccount(socket, { ...register, username: localOf(jid), password: credential.password }, features);
  return logIn(socket, request, features);
}

export async function sasl1(socket: Socket, request: LoginRequest, features: Element): Promise<LoggedIn> {
  if ('fast' in request.credential) throw new ClientError('session-expired');
  const mechanism = scram(request.jid, request.credential);
  if (!offers(features.child('mechanisms', SASL), mechanism.name)) throw new ClientError('incompatible', 'no SCRAM-SHA-256');
  socket.send(x('auth', { xmlns: SASL, mechanism: mechanism.name }, toBase64(await mechanism.first())));
  const success = await exchange(socket, SASL, mechanism);
  await mechanism.verify(fromBase64(success.text));
  const after = await openStream(socket, domainOf(request.jid), request.lang);
  return { ...(await bindAndManage(socket, request, after)), secret: mechanism.secret };
}

export async function bindAndManage(socket: Socket, request: LoginRequest, features: Element): Promise<LoggedIn> {
  const canManage = features.child('sm', SM) !== undefined;
  if (request.resume && canManage) {
    const { management } = request.resume;
    socket.send(x('resume', { xmlns: SM, previd: management.id, h: management.received }));
    const answer = await socket.next();
    if (answer.name === 'resumed') return { ...(await resume(request, answer)), features, token: null, secret: null };
    confirmOld(request, answer);
  }
  const jid = await bind(socket);
  if (!canManage) return { ...nobody(request, features), jid };
  socket.send(x('enable', { xmlns: SM, resume: 'true' }));
  const management = Management.fromEnabled(await socket.next());
  return { ...nobody(request, features), jid, management };
}

async function bind(socket: Socket): Promise<string> {
  socket.send(x('iq', { xmlns: 'jabber:client', type: 'set', id: 'bind' }, x('bind', { xmlns: BIND })));
  const answer = await socket.next();
  if (answer.attr('type') !== 'result') throw stanzaError(answer, { 'resource-constraint': 'too-many-sessions', conflict: 'too-many-sessions' });
  return answer.child('bind', BIND)?.textOf('jid') ?? '';
}
