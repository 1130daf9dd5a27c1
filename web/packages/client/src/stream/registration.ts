// XEP-0077 before the login, with a token where one is needed (0445, or a field of the server's form).
import { ClientError } from '../api/base';
import { stanzaError } from '../base/conditions';
import { x, type Element } from '../xml/element';
import type { Socket } from './socket';

const REGISTER = 'jabber:iq:register';
const DATA = 'jabber:x:data';

export interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly invitation?: string | undefined;
}

/** On an open stream, before the login. */
export async function registerAccount(socket: Socket, account: NewAccount, features: Element): Promise<void> {
  if (account.invitation && features.child('register', 'urn:xmpp:ibr-token:0')) await preauthenticate(socket, account.invitation);
  const query = (await ask(socket, 'get', x('query', { xmlns: REGISTER }))).child('query', REGISTER);
  if (!query) throw new ClientError('registration-closed');
  await ask(socket, 'set', filled(query, account));
}

async function preauthenticate(socket: Socket, token: string): Promise<void> {
  await ask(socket, 'set', x('preauth', { xmlns: 'urn:xmpp:pars:0', token }), { 'item-not-found': 'invitation-invalid', 'bad-request': 'invitation-invalid' });
}

function filled(query: Element, { username, password, invitation }: NewAccount): Element {
  const form = query.child('x', DATA);
  const wantsToken = form?.all('field').some((f) => f.attr('var') === 'token');
  if (!form || !wantsToken) return x('query', { xmlns: REGISTER }, x('username', {}, username), x('password', {}, password));
  if (!invitation) throw new ClientError('invitation-required');
  const field = (name: string, value: string): Element => x('field', { var: name }, x('value', {}, value));
  return x('query', { xmlns: REGISTER },
    x('x', { xmlns: DATA, type: 'submit' },
      field('FORM_TYPE', REGISTER), field('username', username), field('password', password), field('token', invitation)));
}

type Words = Parameters<typeof stanzaError>[1];
const WORDS: Words = {
  conflict: 'name-taken',
  'not-acceptable': 'name-invalid',
  'jid-malformed': 'name-invalid',
  'not-allowed': 'registration-closed',
  'service-unavailable': 'registration-closed',
  'feature-not-implemented': 'registration-closed',
  'item-not-found': 'invitation-invalid',
  'not-authorized': 'invitation-invalid',
  forbidden: 'invitation-required',
  'policy-violation': 'password-refused',
};

let asked = 0;

async function ask(socket: Socket, type: 'get' | 'set', payload: Element, words: Words = {}): Promise<Element> {
  const id = `register-${++asked}`;
  socket.send(x('iq', { xmlns: 'jabber:client', type, id }, payload));
  const answer = await socket.next();
  if (answer.attr('id') !== id) throw new ClientError('incompatible', 'an answer to nothing');
  if (answer.attr('type') === 'error') throw refusal(answer, words);
  return answer;
}

/** One condition stands for a bad name and a bad password; the text tells which. */
function refusal(answer: Element, words: Words): Error {
  const error = stanzaError(answer, { ...WORDS, ...words });
  const { serverText } = error.details;
  if (error.code === 'name-taken' && /reserved/.test(serverText ?? '')) return new ClientError('name-reserved', error.message, error.details);
  if (error.code === 'name-invalid' && /password/.test(serverText ?? '')) return new ClientError('password-refused', error.message, error.details);
  return error;
}
