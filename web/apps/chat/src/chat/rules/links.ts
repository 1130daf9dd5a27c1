// Finds links in plain text. What it does not know for sure stays text; schemes that run code or read this device never become a link.

export interface Link {
  readonly text: string;
  readonly href: string;
  /** `web` opens at once, `xmpp` stays in the app, `odd` (another program) asks first. */
  readonly kind: 'web' | 'xmpp' | 'odd';
}
export type Piece = string | Link;

const forbidden = new Set(['javascript', 'data', 'vbscript', 'blob', 'file', 'filesystem', 'view-source', 'about', 'chrome', 'jar']);
const known = new Set(['mailto', 'tel', 'sms', 'geo', 'magnet', 'xmpp', 'sip', 'sips', 'matrix', 'bitcoin', 'news']);

// Latin letters, digits and what RFC 3986 allows, plus letters of other scripts in paths; CJK punctuation ends an address.
const inside = String.raw`[^\s<>"'\x60{}|\\^\p{Cc}\p{Cf}，。！？；：、（）《》〈〉「」『』【】“”‘’…—]`;
const candidate = new RegExp(
  [
    String.raw`(?<![a-zA-Z0-9+.-])(?<scheme>[a-zA-Z][a-zA-Z0-9+.-]{1,30}):(?<rest>(?:\/\/)?${inside}+)`,
    String.raw`(?<![a-zA-Z0-9@._/-])(?<www>www\.${inside}+\.${inside}+)`,
    String.raw`(?<![a-zA-Z0-9._%+-])(?<mail>[a-zA-Z0-9._%+-]{1,64}@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,24})(?![a-zA-Z0-9@-])`,
  ].join('|'),
  'gu',
);

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** The full stop of the sentence is not of the address, nor a bracket that was opened before it. */
function trimEnd(text: string): string {
  for (;;) {
    const last = text.at(-1) ?? '';
    const opening = pairs[last];
    const unbalanced = opening !== undefined && text.split(last).length > text.split(opening).length;
    if (!/[.,;:!?*_~]/.test(last) && !unbalanced) return text;
    text = text.slice(0, -1);
  }
}

function webAddress(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.host ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function linkOf(match: RegExpMatchArray): Link | undefined {
  const { scheme, www, mail } = match.groups ?? {};
  if (mail) return { text: mail, href: `mailto:${mail}`, kind: 'odd' };
  const text = trimEnd(match[0]);
  const href = webAddress(www ? `https://${text}` : text);
  const name = scheme?.toLowerCase() ?? 'https';
  if (forbidden.has(name)) return undefined;
  if (name === 'http' || name === 'https') return href ? { text, href, kind: 'web' } : undefined;
  if (text.length <= name.length + 1) return undefined;
  if (name === 'xmpp') return { text, href: text, kind: 'xmpp' };
  return known.has(name) || (text.startsWith('//', name.length + 1) && text.length > name.length + 3)
    ? { text, href: text, kind: 'odd' }
    : undefined;
}

/** Text and links in turn; joined again they are the text. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(candidate)) {
    const link = linkOf(match);
    if (!link) continue;
    if (match.index > from) pieces.push(text.slice(from, match.index));
    pieces.push(link);
    from = match.index + link.text.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}
