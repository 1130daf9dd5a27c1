// Message Styling (XEP-0393): plain text to blocks and spans. The directives stay in the text model and are not drawn.

export type Span =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly inner: readonly Span[] };

export type Block =
  | { readonly kind: 'line'; readonly spans: readonly Span[] }
  | { readonly kind: 'pre'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly inner: readonly Block[] };

const deepest = 8;
const wrapping = { '*': 'strong', _: 'emphasis', '~': 'strike' } as const;
const isSpace = (character: string | undefined) => character === undefined || /\s/.test(character);

/** Before an opening directive: the start, whitespace, or another directive. Han runs without spaces, so it may also follow Han or its punctuation. */
const mayOpenAfter = (character: string | undefined) =>
  isSpace(character) || /[*_~`(（「『“‘，。、；：！？\p{Script=Han}]/u.test(character ?? '');

function closing(text: string, mark: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === mark && at > from + 1 && !isSpace(text[at - 1])) return at;
  }
  return -1;
}

/** Spans of one line. */
export function parseSpans(line: string, depth = 0): Span[] {
  const spans: Span[] = [];
  /** Marks that close nowhere further on: asked once, so that a hostile line costs no more than a long one. */
  const hopeless = new Set<string>();
  let address = false;
  let plain = '';
  const flush = () => {
    if (plain) spans.push({ kind: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < line.length; at++) {
    const mark = line[at] ?? '';
    // `https://example.org/a_b_c` is not emphasised in its middle.
    address = !isSpace(mark) && (address || line.startsWith('://', at));
    const opens = (mark === '`' || mark in wrapping) && mayOpenAfter(line[at - 1]) && !isSpace(line[at + 1]);
    const end = opens && depth < deepest && !address && !hopeless.has(mark) ? closing(line, mark, at) : -1;
    if (end < 0) {
      if (opens && !address) hopeless.add(mark);
      plain += mark;
      continue;
    }
    flush();
    const inner = line.slice(at + 1, end);
    if (mark === '`') spans.push({ kind: 'code', text: inner });
    else spans.push({ kind: wrapping[mark as keyof typeof wrapping], inner: parseSpans(inner, depth + 1) });
    at = end;
  }
  flush();
  return spans;
}

const fence = /^```/;

/** Blocks of a message. An open code block goes to the end. */
export function parseStyling(text: string, depth = 0): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (fence.test(line)) {
      const end = lines.findIndex((other, index) => index > at && other === '```');
      const inner = lines.slice(at + 1, end < 0 ? undefined : end);
      blocks.push({ kind: 'pre', language: line.slice(3).trim(), text: inner.join('\n') });
      at = end < 0 ? lines.length : end;
    } else if (line.startsWith('>') && depth < deepest) {
      const after = lines.slice(at).findIndex((other) => !other.startsWith('>'));
      const end = after < 0 ? lines.length : at + after;
      const inner = lines.slice(at, end).map((quoted) => quoted.replace(/^> ?/, ''));
      blocks.push({ kind: 'quote', inner: parseStyling(inner.join('\n'), depth + 1) });
      at = end - 1;
    } else blocks.push({ kind: 'line', spans: parseSpans(line) });
  }
  return blocks;
}
