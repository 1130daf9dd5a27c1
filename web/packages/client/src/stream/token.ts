// SASL mechanisms as the login sees them, and the one for FAST tokens, HT-SHA-256-NONE.
import { ClientError } from '../api/base';
import { concat, hmac, same, utf8, type Bytes } from '../base/bytes';
import type { ScramSecret } from './scram';

/** One exchange. A mechanism that finds the server unable to prove itself throws `insecure`. */
export interface Mechanism {
  readonly name: string;
  /** What stays of a password, for the next time. */
  readonly secret: ScramSecret | null;
  first(): Promise<Bytes>;
  respond(challenge: Bytes): Promise<Bytes>;
  /** Checks what came with success. */
  verify(final: Bytes): Promise<void>;
}

/** draft-schmaus-kitten-sasl-ht: one message each way. */
export class HashedToken implements Mechanism {
  static readonly NAME = 'HT-SHA-256-NONE';
  readonly name = HashedToken.NAME;
  readonly secret = null;

  constructor(
    private readonly user: string,
    private readonly token: string,
  ) {}

  async first(): Promise<Bytes> {
    return concat(utf8(this.user), new Uint8Array(1), await hmac(utf8(this.token), utf8('Initiator')));
  }

  respond(): Promise<Bytes> {
    throw new ClientError('incompatible');
  }

  async verify(final: Bytes): Promise<void> {
    if (!same(final, await hmac(utf8(this.token), utf8('Responder')))) throw new ClientError('insecure');
  }
}
