// SCRAM against the example of RFC 7677 §3, and against servers that do not know the password.
import { afterEach, expect, test, vi } from 'vitest';
import { fromUtf8, utf8 } from '../base/bytes';
import { Scram } from './scram';

const CHALLENGE = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
const FINAL = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

function scram(credential: ConstructorParameters<typeof Scram>[1] = 'pencil'): Scram {
  vi.spyOn(crypto, 'randomUUID').mockReturnValueOnce('rOprNGfwEbeRWgbNEkqO' as never);
  return new Scram('user', credential);
}
afterEach(() => vi.restoreAllMocks());

test('the example of RFC 7677', async () => {
  const mechanism = scram();
  expect(fromUtf8(await mechanism.first())).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
  expect(fromUtf8(await mechanism.respond(utf8(CHALLENGE)))).toBe(
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=');
  await mechanism.verify(utf8(FINAL));
});

test('a server that does not know the password is refused', async () => {
  const mechanism = scram();
  await mechanism.first();
  await mechanism.respond(utf8(CHALLENGE));
  for (const final of ['v=AAAA', 'v=', '', FINAL.replace('6', '7')]) await expect(mechanism.verify(utf8(final))).rejects.toMatchObject({ code: 'insecure' });
});

test('success without a proof is refused', async () => {
  await expect(scram().verify(utf8(FINAL))).rejects.toMatchObject({ code: 'insecure' });
});

test.each([
  ['another nonce', CHALLENGE.replace('rOpr', 'xOpr')],
  ['no nonce of its own', 'r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'],
  ['too few rounds', CHALLENGE.replace('4096', '1')],
  ['endless rounds', CHALLENGE.replace('4096', '99999999')],
  ['no salt', CHALLENGE.replace('s=W22ZaJ0SNY7soEsUEjb6gQ==', 's=')],
])('a challenge with %s is refused', async (_what, challenge) => {
  const mechanism = scram();
  await mechanism.first();
  await expect(mechanism.respond(utf8(challenge))).rejects.toMatchObject({ code: 'insecure' });
});

test('what is kept of a password logs in again, until the salt changes', async () => {
  const first = scram();
  await first.first();
  await first.respond(utf8(CHALLENGE));
  expect(first.secret!.key.extractable).toBe(false);
  const again = scram(first.secret!);
  await again.first();
  await again.respond(utf8(CHALLENGE));
  await again.verify(utf8(FINAL));
  const changed = scram(first.secret!);
  await changed.first();
  await expect(changed.respond(utf8(CHALLENGE.replace('W22Z', 'X22Z')))).rejects.toMatchObject({ code: 'session-expired' });
});

test('a name with , and = is escaped', async () => {
  expect(fromUtf8(await new Scram('a,b=c', 'x').first())).toContain('n=a=2Cb=3Dc,');
});
