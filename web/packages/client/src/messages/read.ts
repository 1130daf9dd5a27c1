// What a message stanza says, in plain words: a message, or a change to one. The only place that reads their XML.
import type { ErrorCode } from '../api/base';
import type { MessageFile } from '../api/messages';
import { stanzaError } from '../base/conditions';
import { bareOf } from '../base/jid';
import * as NS from '../base/ns';
import { safeUrl } from '../base/url';
import type { Element } from '../xml/element';

export interface SaidMessage {
  readonly kind: 'message';
  readonly body: string;
  readonly files: readonly MessageFile[];
  readonly reply: { readonly reference: string; readonly author: string; readonly quote: string } | null;
  readonly forwardedFrom: string | null;
  readonly recalled: boolean;
  readonly encrypted: boolean;
  readonly wantsReceipt: boolean;
}

export type Said =
  | SaidMessage
  | { readonly kind: 'edit'; readonly target: string; readonly body: string }
  | { readonly kind: 'reactions'; readonly target: string; readonly emoji: readonly string[] }
  | { readonly kind: 'recall'; readonly target: string }
  | { readonly kind: 'received'; readonly target: string }
  | { readonly kind: 'displayed'; readonly target: string }
  | { readonly kind: 'error'; readonly target: string; readonly code: ErrorCode };

/** Every child that makes a message stanza ours. */
export const SPOKEN: readonly (readonly [ns: string, name: string])[] = [
  [NS.client, 'body'], [NS.sfs, 'file-sharing'], [NS.oob, 'x'], [NS.reactions, 'reactions'], [NS.retract, 'retract'],
  [NS.retract, 'retracted'], [NS.receipts, 'received'], [NS.markers, 'displayed'], [NS.eme, 'encryption'],
];

export function read(stanza: Element): readonly Said[] {
  if (stanza.attr('type') === 'error') return failure(stanza);
  if (stanza.attr('type') === 'groupchat') return [];
  const said: Said[] = [];
  const target = (name: string, ns: string): string => stanza.child(name, ns)?.attr('id') ?? '';
  const received = target('received', NS.receipts);
  const displayed = target('displayed', NS.markers);
  if (received) said.push({ kind: 'received', target: received });
  if (displayed) said.push({ kind: 'displayed', target: displayed });
  const change = changeIn(stanza, target);
  if (change) return [...said, change];
  const message = messageIn(stanza);
  return message ? [...said, message] : said;
}

/** A change has a body too, for clients that do not know better: it is not a message. */
function changeIn(stanza: Element, target: (name: string, ns: string) => string): Said | null {
  const retracted = target('retract', NS.retract);
  if (retracted) return { kind: 'recall', target: retracted };
  const reactions = stanza.child('reactions', NS.reactions);
  if (reactions?.attr('id')) {
    const emoji = [...new Set(reactions.all('reaction').map((r) => r.text.trim()))].filter((e) => e && e.length <= 32);
    return { kind: 'reactions', target: reactions.attr('id'), emoji: emoji.slice(0, 20) };
  }
  const replaced = target('replace', NS.correct);
  if (replaced) return { kind: 'edit', target: replaced, body: bodyOf(stanza) };
  return null;
}

function messageIn(stanza: Element): SaidMessage | null {
  const files = filesIn(stanza);
  const recalled = stanza.child('retracted', NS.retract) !== undefined;
  const encrypted = !!stanza.child('encryption', NS.eme) || stanza.elements.some((e) => e.name === 'encrypted');
  const body = recalled || encrypted ? '' : bodyOf(stanza);
  if (!body && !files.length && !recalled && !encrypted) return null;
  return {
    kind: 'message',
    body: files.length && files.some((f) => f.url === body.trim()) ? '' : body,
    files: recalled ? [] : files,
    reply: replyIn(stanza),
    forwardedFrom: forwardedFrom(stanza),
    recalled,
    encrypted,
    wantsReceipt: !!stanza.child('request', NS.receipts),
  };
}

function forwardedFrom(stanza: Element): string | null {
  const forwarded = stanza.child('forwarded-from', 'urn:magpie:forward:0');
  return forwarded ? forwarded.attr('name') : null;
}

function replyIn(stanza: Element): SaidMessage['reply'] {
  const reply = stanza.child('reply', NS.reply);
  if (!reply?.attr('id')) return null;
  const quote = fallbacks(stanza, [NS.reply]).map(([start, end]) => [...stanza.textOf('body')].slice(start, end).join('')).join('\n');
  return { reference: reply.attr('id'), author: bareOf(reply.attr('to')), quote: quote.replace(/^> ?/gm, '').trim() };
}

const UNDERSTOOD = [NS.reply, NS.sfs, NS.oob];

/** The body without what stands there for clients that know less (0428; counted in code points, 0426). */
function bodyOf(stanza: Element): string {
  const body = stanza.textOf('body');
  const cuts = fallbacks(stanza, UNDERSTOOD);
  if (!cuts.length) return body;
  const points = [...body];
  return points.filter((_, at) => !cuts.some(([start, end]) => at >= start && at < end)).join('').trim();
}

function fallbacks(stanza: Element, features: readonly string[]): readonly (readonly [number, number])[] {
  return stanza
    .all('fallback', NS.fallback)
    .filter((f) => features.includes(f.attr('for')))
    .flatMap((f) => {
      const bodies = f.all('body');
      if (!bodies.length && !f.child('subject')) return [[0, Infinity] as const];
      return bodies.map((b) => [Number(b.attr('start') || 0), b.attr('end') ? Number(b.attr('end')) : Infinity] as const);
    });
}

function filesIn(stanza: Element): readonly MessageFile[] {
  const shared = stanza.all('file-sharing', NS.sfs).flatMap((sharing) => {
    const sources = sharing.child('sources')?.all('url-data', NS.urlData).map((s) => s.attr('target')) ?? [];
    const url = sources.find((s) => safeUrl(s));
    return url ? [fileAt(url, sharing.child('file', NS.fileMetadata))] : [];
  });
  if (shared.length) return shared;
  const bare = stanza.all('x', NS.oob).map((oob) => oob.textOf('url'));
  return bare.filter((url) => safeUrl(url) && url === stanza.textOf('body').trim()).map((url) => fileAt(url));
}

function fileAt(url: string, file?: Element): MessageFile {
  const number = (name: string): number | null => {
    const value = Number(file?.textOf(name) || NaN);
    return value >= 0 && Number.isFinite(value) ? value : null;
  };
  const [type, length] = [(file?.textOf('media-type') || typeOf(url)).toLowerCase(), number('length')];
  return {
    name: file?.textOf('name') || nameIn(url),
    type,
    size: number('size'),
    width: number('width'),
    height: number('height'),
    duration: length === null ? null : length / 1000,
    url,
    thumbnail: thumbnailOf(url, type),
    local: null,
  };
}

/** Our server makes small pictures of what was uploaded to it. */
export function thumbnailOf(url: string, type: string): string | null {
  return /^image\//.test(type) && /\/upload\/[^/?#]+\/[^/?#]+$/.test(url) ? `${url}?thumb` : null;
}

function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').pop() ?? '';
  try {
    return decodeURIComponent(last) || 'file';
  } catch {
    return last || 'file';
  }
}

/** Good enough for a glyph, where nobody said. */
function typeOf(url: string): string {
  const extension = /\.(\w+)$/.exec(new URL(url).pathname)?.[1]?.toLowerCase().replace('jpg', 'jpeg') ?? '';
  const kinds = { image: /^(jpeg|png|gif|webp|avif)$/, video: /^(mp4|webm|mov)$/, audio: /^(mp3|m4a|ogg|opus)$/ };
  const kind = Object.entries(kinds).find(([, extensions]) => extensions.test(extension))?.[0];
  return kind ? `${kind}/${extension}` : 'application/octet-stream';
}

function failure(stanza: Element): readonly Said[] {
  const { code } = stanzaError(stanza, { 'service-unavailable': 'refused', 'policy-violation': 'refused', 'resource-constraint': 'server-full' });
  return [{ kind: 'error', target: stanza.attr('id'), code }];
}
