// What servers call failures, in the words of `ErrorCode`.
import { ClientError, type ErrorCode } from '../api/base';
import type { Element } from '../xml/element';
import * as NS from './ns';

type Words = Readonly<Record<string, ErrorCode>>;

/** What is not here is `unknown`. */
const STANZA: Words = {
  'bad-request': 'bad-request', conflict: 'name-taken', 'feature-not-implemented': 'unsupported', forbidden: 'not-allowed',
  'internal-server-error': 'server-error', 'item-not-found': 'not-found', 'jid-malformed': 'name-invalid', 'not-acceptable': 'refused',
  'not-allowed': 'not-allowed', 'not-authorized': 'not-allowed', 'policy-violation': 'refused', 'recipient-unavailable': 'not-found',
  'remote-server-not-found': 'not-found', 'remote-server-timeout': 'timeout', 'resource-constraint': 'rate-limited',
  'service-unavailable': 'unsupported',
};

/** What is not here means that name and password do not fit. */
const SASL: Words = {
  'account-disabled': 'account-disabled', 'credentials-expired': 'session-expired', 'encryption-required': 'insecure',
  'invalid-mechanism': 'incompatible', 'mechanism-too-weak': 'incompatible', 'temporary-auth-failure': 'server-error',
  'too-many-attempts': 'too-many-attempts',
};

/** What is not here is as good as a broken connection. */
const STREAM: Words = {
  conflict: 'signed-out-elsewhere', 'host-unknown': 'unreachable', 'internal-server-error': 'server-error',
  'not-authorized': 'session-expired', 'policy-violation': 'rate-limited', 'resource-constraint': 'too-many-sessions',
  reset: 'session-expired', 'system-shutdown': 'server-shutdown',
};

/** The first child that is a condition, whatever else stands beside it. */
function condition(error: Element | undefined, ns: string): string {
  return error?.elements.find((e) => e.ns === ns && e.name !== 'text')?.name ?? '';
}

function made(code: ErrorCode, text: string, what: string, limit?: number): ClientError {
  return new ClientError(code, what, { ...(text && { serverText: text }), ...(limit !== undefined && { limit }) });
}

/** `words` replaces the general meaning of a condition where a feature has one of its own. */
export function stanzaError(stanza: Element, words: Words = {}): ClientError {
  const error = stanza.child('error', NS.client) ?? stanza.child('error');
  const name = condition(error, NS.stanzaErrors);
  const text = error?.textOf('text', NS.stanzaErrors) ?? '';
  // XEP-0363 §6.
  const tooLarge = error?.elements.find((e) => e.name === 'file-too-large');
  if (tooLarge) return made('too-large', text, name, Number(tooLarge.textOf('max-file-size')) || undefined);
  if (error?.elements.some((e) => e.ns === `${NS.blocking}:errors`)) return made('blocked', text, name);
  const code = words[name] ?? (name === 'resource-constraint' && error?.attr('type') === 'cancel' ? 'quota-exceeded' : STANZA[name]);
  return made(code ?? 'unknown', text, name);
}

export function saslError(failure: Element): ClientError {
  const name = condition(failure, NS.sasl);
  const text = failure.textOf('text') || failure.textOf('text', NS.sasl);
  return made(SASL[name] ?? 'wrong-credentials', text, name);
}

/** The server says by a condition of SASL why it ends the session of an account. */
export function streamError(error: Element): ClientError {
  const name = condition(error, NS.streamErrors);
  return made(SASL[condition(error, NS.sasl)] ?? STREAM[name] ?? 'connection-lost', error.textOf('text', NS.streamErrors), name);
}

/** Any thrown thing as a `ClientError`. */
export function asClientError(error: unknown, fallback: ErrorCode = 'unknown'): ClientError {
  if (error instanceof ClientError) return error;
  if (error instanceof Error && error.name === 'AbortError') return new ClientError('cancelled');
  return new ClientError(fallback, error instanceof Error ? error.message : String(error));
}
