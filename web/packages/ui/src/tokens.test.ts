// Every declared pair of colours is readable in both themes, with every accent and with colours no designer chose.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accents } from './accent';
import { accentTokens, contrast, oklch, parseHex, type Scheme } from './color';
import { graphicPairs, textPairs } from './pairs';
import { avatarGrounds } from './avatar-text';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours declared for one theme in the style sheet. */
function themeColours(scheme: Scheme): Record<string, string> {
  const block = new RegExp(`\\[data-theme="${scheme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]));
}

const strangeAccents = [
  '#ffffff',
  '#000000',
  '#ffff00',
  '#ff0000',
  '#00ff00',
  '#0000ff',
  ...Array.from({ length: 24 }, (_, at) => oklch(0.7, 0.3, at * 15)),
];

function failures(pairs: readonly (readonly [string, string])[], colours: Record<string, string>, least: number): string[] {
  return pairs.flatMap(([text, ground]) => {
    const [one, other] = [colours[text], colours[ground]];
    if (!one || !other) return [`${text} on ${ground}: not declared`];
    const ratio = contrast(one, other);
    return ratio >= least ? [] : [`${text} ${one} on ${ground} ${other}: ${ratio.toFixed(2)}`];
  });
}

describe.each(['light', 'dark'] as const)('the %s theme', (scheme) => {
  const colours = themeColours(scheme);

  it('has every text pair at 4.5:1', () => expect(failures(textPairs, colours, 4.5)).toEqual([]));
  it('has every graphic pair at 3:1', () => expect(failures(graphicPairs, colours, 3)).toEqual([]));
  it('starts with the first accent', () => expect(colours).toMatchObject(accentTokens(accents.magpie, scheme)));
  it.each([...Object.values(accents), ...strangeAccents])('stays readable with accent %s', (accent) => {
    expect(parseHex(accent)).toBeDefined();
    expect(failures(textPairs, { ...colours, ...accentTokens(accent, scheme) }, 4.5)).toEqual([]);
  });
});

it('measures contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

it('has white initials readable on every avatar', () => {
  for (const ground of avatarGrounds) expect(contrast('#ffffff', ground)).toBeGreaterThanOrEqual(4.5);
});
