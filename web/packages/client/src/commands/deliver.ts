// Takes the file of a message to the server, then hands the message to the outbox.
import type { Jid } from '../api/base';
import type { MessageFile } from '../api/messages';
import { digest, toBase64 } from '../base/bytes';
import { asClientError } from '../base/conditions';
import { recordKey, type Entry } from '../messages/entry';
import { thumbnailOf } from '../messages/read';
import type { Parcel, Uploads } from '../messages/uploads';
import { fileMessage } from './filemessage';

/** Bytes up to which a hash is made, and one's own file is kept to be drawn from here. */
const HASHED = 32 * 1024 * 1024;
const KEPT = 2 * 1024 * 1024;

export async function deliver(uploads: Uploads, id: string, { jid, file }: Parcel, signal: AbortSignal): Promise<void> {
  const { cache, core, journal } = uploads;
  if ((await cache.byId(jid, id))?.state !== 'uploading') return;
  try {
    const onProgress = (progress: unknown): void => core.shared.put('progress', id, progress);
    const url = await uploads.upload(file, { onProgress, signal });
    const sha256 = file.blob.size <= HASHED ? toBase64(await digest('SHA-256', new Uint8Array(await file.blob.arrayBuffer()))) : null;
    await core.serial(jid, () => delivered(uploads, jid, id, url, sha256));
  } catch (error) {
    const { code } = asClientError(error, 'connection-lost');
    // Without a network it goes on by itself when that is back.
    if (/^(connection-lost|offline|timeout)$/.test(code) || signal.aborted) return;
    await core.serial(jid, () => journal.alter(jid, id, (e) => ({ ...e, state: 'failed', error: code })));
  }
}

async function delivered({ cache, core, outbox }: Uploads, jid: Jid, id: string, url: string, sha256: string | null): Promise<void> {
  const before = await cache.byId(jid, id);
  if (!before?.files[0]) return;
  const file: MessageFile = { ...before.files[0], url, thumbnail: thumbnailOf(url, before.files[0].type) };
  const reply = before.reply && { reference: before.reply.reference, author: before.reply.author, quote: before.reply.preview };
  const wire = fileMessage({ id: before.reference, to: jid, body: before.body, reply }, file, sha256).toString();
  const small = (file.size ?? 0) <= KEPT;
  const after: Entry = { ...before, files: [small ? file : { ...file, local: null }], state: 'sending', error: null, wire };
  await core.shared.write([['messages', recordKey(after), after], ['blobs', id, undefined], outbox.entry(jid, after.reference, wire, core.now())]);
}
