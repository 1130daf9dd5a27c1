// What one does with an account besides logging in.
import { ClientError, type Jid } from '../api/base';
import type { Connection } from '../api/connection';
import { localOf } from '../base/jid';
import type { Kit } from '../modules/all';
import type { Login } from '../state/life';
import type { Link } from '../state/link';
import { openAndLogIn, type FastToken } from '../stream/login';
import { x } from '../xml/element';
import { setNickname } from './profiles';

const REGISTER = 'jabber:iq:register';
/** Milliseconds a logout waits for the server to forget the token. */
const FAREWELL = 3_000;

export async function register(kit: Kit, account: Parameters<Connection['register']>[0]): Promise<void> {
  if (!account.password) throw new ClientError('password-refused');
  await kit.life.enter(account, { invitation: account.invitation });
  if (account.nickname?.trim()) await setNickname(kit, account.nickname).catch(kit.core.trouble);
}

export async function logout({ core, life }: Kit): Promise<void> {
  const login = await core.shared.get<Login>('account', 'login');
  core.link.stop();
  if (login?.fast && globalThis.navigator?.onLine !== false) {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL));
    await Promise.race([invalidate(core.link, login.jid, login.fast).catch(() => {}), patience]);
  }
  await life.forget();
  core.emit('signedOut', { reason: null });
}

/** Uses the token once more, to make it worthless. */
async function invalidate(link: Link, jid: Jid, fast: FastToken): Promise<void> {
  const socket = await link.open(jid);
  try {
    await openAndLogIn(socket, { ...link.request(jid, { fast }), invalidate: true });
  } finally {
    socket.close();
  }
}

export async function changePassword({ core, life }: Kit, password: string): Promise<void> {
  if (!password) throw new ClientError('password-refused');
  const user = core.me;
  const query = x('query', { xmlns: REGISTER }, x('username', {}, localOf(user)), x('password', {}, password));
  await core.set(query, core.domain, { 'not-acceptable': 'password-refused', 'policy-violation': 'password-refused' });
  // What was kept of the old one is worth nothing now.
  await life.enter({ user, password, remember: life.owner?.remember ?? true });
}

export async function deleteAccount({ core, life }: Kit): Promise<void> {
  await core.set(x('query', { xmlns: REGISTER }, x('remove')), core.domain);
  core.link.stop();
  await life.forget();
  core.emit('signedOut', { reason: 'account-deleted' });
}
