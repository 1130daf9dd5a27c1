// XEP-0363: a slot from the server, then the bytes over HTTP.
import { ClientError, type ErrorCode } from '../api/base';
import type { FileDraft, Files, Progress } from '../api/messages';
import { safeUrl } from '../base/url';
import type { Kit } from '../modules/all';
import type { Core } from '../state/core';
import { x } from '../xml/element';

const UPLOAD = 'urn:xmpp:http:upload:0';

const ANY = 'application/octet-stream';

type Options = NonNullable<Parameters<Files['upload']>[1]>;

export interface Slot {
  readonly put: string;
  readonly get: string;
  readonly headers: readonly (readonly [string, string])[];
}

/** Puts a file at the server; `slot` is asked for by the leading tab, the bytes go from here. */
export async function upload(core: Core, slotFor: (name: string, size: number, type: string) => Promise<Slot>, { blob, name }: FileDraft, options: Options = {}): Promise<string> {
  const { uploadLimit } = core.features.get();
  if (uploadLimit !== null && blob.size > uploadLimit) throw new ClientError('too-large', name, { limit: uploadLimit });
  const slot = await slotFor(name, blob.size, blob.type || ANY);
  if (options.signal?.aborted) throw new ClientError('cancelled');
  await (typeof XMLHttpRequest === 'undefined' ? put(slot, blob, options) : putWithProgress(slot, blob, options));
  options.onProgress?.({ sent: blob.size, total: blob.size });
  return slot.get;
}

export async function info(url: string): ReturnType<Files['info']> {
  if (!safeUrl(url)) throw new ClientError('bad-request');
  const response = await fetch(`${url}?info`).catch(() => null);
  if (!response) throw new ClientError('offline');
  if (!response.ok) throw refusal(response.status);
  const { type = '', size = 0, width = null, height = null } = (await response.json()) as Record<string, never>;
  return { type, size, width, height };
}

export async function slot({ core }: Kit, name: string, size: number, type: string): Promise<Slot> {
  if (!core.features.get().upload) throw new ClientError('unsupported');
  const words = { 'not-acceptable': 'too-large', 'resource-constraint': 'quota-exceeded', forbidden: 'not-allowed' } as const;
  const slot = (await core.get(x('request', { xmlns: UPLOAD, filename: name, size, 'content-type': type }), core.domain, words)).child('slot', UPLOAD);
  const [put, get] = [slot?.child('put')?.attr('url') ?? '', slot?.child('get')?.attr('url') ?? ''];
  if (!safeUrl(put) || !safeUrl(get)) throw new ClientError('insecure', 'a slot without TLS');
  // §5: no other header than these may be set by a server.
  const headers = slot!.child('put')!.all('header').map((h) => [h.attr('name'), h.text.replace(/[\r\n]/g, '')] as const);
  return { put, get, headers: headers.filter(([header]) => /^(authorization|cookie|expires)$/i.test(header)) };
}

function refusal(status: number): ClientError {
  const codes: Readonly<Record<number, ErrorCode>> = { 401: 'not-allowed', 403: 'not-allowed', 404: 'not-found', 410: 'not-found', 413: 'too-large', 429: 'rate-limited', 507: 'server-full' };
  return new ClientError(codes[status] ?? (status >= 500 ? 'server-error' : 'refused'), `HTTP ${status}`);
}

async function put(slot: Slot, blob: Blob, { signal }: Options): Promise<void> {
  const headers = [...slot.headers.map(([name, value]): [string, string] => [name, value]), ['Content-Type', blob.type || ANY] as [string, string]];
  const response = await fetch(slot.put, { method: 'PUT', body: blob, headers, ...(signal && { signal }) }).catch(() => {
    throw new ClientError(signal?.aborted ? 'cancelled' : 'connection-lost');
  });
  if (!response.ok) throw refusal(response.status);
}

/** `fetch` does not tell how far an upload is. */
function putWithProgress(slot: Slot, blob: Blob, { onProgress, signal }: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', slot.put);
    for (const [name, value] of slot.headers) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', blob.type || ANY);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.({ sent: loaded, total } satisfies Progress);
    request.onload = () => (request.status < 300 ? resolve() : reject(refusal(request.status)));
    request.onerror = () => reject(new ClientError('connection-lost'));
    request.onabort = () => reject(new ClientError('cancelled'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(blob);
  });
}
