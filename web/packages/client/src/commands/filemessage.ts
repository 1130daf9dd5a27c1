// Files in messages: described by 0447 and 0446, with 0066 and the address in the body for clients that know less.
import type { MessageFile } from '../api/messages';
import { fallback, message, type Outgoing } from '../messages/write';
import { x, type Element } from '../xml/element';

const SFS = 'urn:xmpp:sfs:0';
const METADATA = 'urn:xmpp:file:metadata:0';
const OOB = 'jabber:x:oob';

/** A message with a file that is at a server. */
export function fileMessage(out: Outgoing, file: MessageFile, sha256: string | null): Element {
  return message({ ...out, url: file.url, more: (start, end) => fileParts(file, sha256, start, end) });
}

function fileParts(file: MessageFile, sha256: string | null, start: number, end: number): Element[] {
  const leaf = (name: string, value: string | number | null): Element | null => (value === null || value === '' ? null : x(name, {}, String(value)));
  return [
    x('file-sharing', { xmlns: SFS, disposition: /^(image|video|audio)\//.test(file.type) ? 'inline' : 'attachment' },
      x('file', { xmlns: METADATA },
        leaf('media-type', file.type), leaf('name', file.name), leaf('size', file.size), leaf('width', file.width), leaf('height', file.height),
        leaf('length', file.duration === null ? null : Math.round(file.duration * 1000)),
        sha256 && x('hash', { xmlns: 'urn:xmpp:hashes:2', algo: 'sha-256' }, sha256)),
      x('sources', {}, x('url-data', { xmlns: 'http://jabber.org/protocol/url-data', target: file.url }))),
    fallback(SFS, start, end),
    x('x', { xmlns: OOB }, x('url', {}, file.url)),
    fallback(OOB, start, end),
  ];
}
