// SCRAM-SHA-256 (RFC 5802, 7677) over WebCrypto, the server's proof checked.
import { ClientError } from '../api/base';
import { digest, fromBase64, fromUtf8, hmac, hmacKey, newId, same, toBase64, utf8, type Bytes } from '../base/bytes';
import type { Mechanism } from './token';

/**
 * What stays of a password: PBKDF2's result as a key that cannot be read out, only used. Good for logging in again at
 * this server, useless elsewhere.
 */
export interface ScramSecret {
  readonly salt: string;
  readonly iterations: number;
  readonly key: CryptoKey;
}

/** RFC 5802 §5.1 asks for no less; more than the upper bound would only keep the machine busy. */
const ITERATIONS = { min: 4096, max: 1_000_000 };

export class Scram implements Mechanism {
  readonly name = 'SCRAM-SHA-256';
  private readonly nonce = newId();
  private readonly bare: string;
  private serverSignature: Bytes | null = null;
  /** Set once the server has said its salt. */
  secret: ScramSecret | null = null;

  constructor(
    user: string,
    private readonly credential: string | ScramSecret,
  ) {
    this.bare = `n=${user.replace(/=/g, '=3D').replace(/,/g, '=2C')},r=${this.nonce}`;
  }

  async first(): Promise<Bytes> {
    return utf8(`n,,${this.bare}`);
  }

  async respond(challenge: Bytes): Promise<Bytes> {
    const message = fromUtf8(challenge);
    const { r: nonce = '', s: salt = '', i = '' } = fields(message);
    const iterations = Number(i);
    if (!nonce.startsWith(this.nonce) || nonce === this.nonce || !salt) throw new ClientError('insecure', 'a bad SCRAM challenge');
    if (!(iterations >= ITERATIONS.min && iterations <= ITERATIONS.max)) throw new ClientError('insecure', `${i} iterations`);
    this.secret = await secretOf(this.credential, salt, iterations);
    const withoutProof = `c=${toBase64(utf8('n,,'))},r=${nonce}`;
    const auth = utf8(`${this.bare},${message},${withoutProof}`);
    const clientKey = await hmac(this.secret.key, utf8('Client Key'));
    const signature = await hmac(await digest('SHA-256', clientKey), auth);
    const proof = clientKey.map((byte, at) => byte ^ signature[at]!);
    this.serverSignature = await hmac(await hmac(this.secret.key, utf8('Server Key')), auth);
    return utf8(`${withoutProof},p=${toBase64(proof)}`);
  }

  async verify(final: Bytes): Promise<void> {
    const { v = '', e } = fields(fromUtf8(final));
    if (e) throw new ClientError('wrong-credentials', e);
    if (!this.serverSignature || !v || !same(fromBase64(v), this.serverSignature))
      throw new ClientError('insecure', 'the server does not know the password');
  }
}

/** Reuses the key while the server keeps its salt; with a stored key and another salt only the password would help. */
async function secretOf(credential: string | ScramSecret, salt: string, iterations: number): Promise<ScramSecret> {
  if (typeof credential !== 'string') {
    if (credential.salt === salt && credential.iterations === iterations) return credential;
    throw new ClientError('session-expired', 'the password was changed');
  }
  const material = await crypto.subtle.importKey('raw', utf8(prepared(credential)), 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64(salt), iterations };
  const salted = new Uint8Array(await crypto.subtle.deriveBits(parameters, material, 256));
  return { salt, iterations, key: await hmacKey(salted) };
}

/** SASLprep as far as it matters for what people can type: compatibility forms, unusual spaces, invisible characters. */
function prepared(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g, '')
    .normalize('NFKC');
}

function fields(message: string): Record<string, string> {
  return Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}
