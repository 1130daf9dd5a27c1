// XEP-0393's rules and their edges, with Chinese that has no spaces.
import { describe, expect, it } from 'vitest';
import { parseSpans, parseStyling, type Span } from './styling';

/** `<b>…</b>` for reading; only in this test. */
const drawn = (spans: readonly Span[]): string =>
  spans
    .map((span) =>
      'inner' in span
        ? `<${span.kind}>${drawn(span.inner)}</${span.kind}>`
        : span.kind === 'code'
          ? `<code>${span.text}</code>`
          : span.text,
    )
    .join('');
const line = (text: string) => drawn(parseSpans(text));

describe('spans', () => {
  it.each([
    ['*bold* text', '<strong>bold</strong> text'],
    ['_it_ ~no~ `a*b*`', '<emphasis>it</emphasis> <strike>no</strike> <code>a*b*</code>'],
    ['*a _b_ c*', '<strong>a <emphasis>b</emphasis> c</strong>'],
    ['这是*重点*，记住', '这是<strong>重点</strong>，记住'],
    ['not * bold *', 'not * bold *'],
    ['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
    ['** and *', '** and *'],
    ['*open', '*open'],
    ['https://a.example/x_y_z', 'https://a.example/x_y_z'],
    ['<b>*x*</b>', '<b>*x*</b>'],
  ])('%s', (text, expected) => expect(line(text)).toBe(expected));
});

describe('blocks', () => {
  it('keeps code as it is, to the closing fence or the end', () => {
    expect(parseStyling('before\n```js\n*x* > y\n```\nafter').map((block) => block.kind)).toEqual(['line', 'pre', 'line']);
    expect(parseStyling('```\na\nb')).toEqual([{ kind: 'pre', language: '', text: 'a\nb' }]);
  });
  it('nests quotes', () => {
    const [quote] = parseStyling('> a\n>> b\nc');
    expect(quote).toMatchObject({ kind: 'quote', inner: [{ kind: 'line' }, { kind: 'quote' }] });
  });
  it('ends with hostile nesting', () => {
    expect(parseStyling('>'.repeat(5000))).toHaveLength(1);
    expect(line('*_'.repeat(3000))).toContain('*');
  });
});
