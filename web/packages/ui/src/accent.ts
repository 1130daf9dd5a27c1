// The accents a person can choose, and how one (or the operator's own colour) is put on the page.
import { accentTokens, parseHex, type Scheme } from './color';

export const accents = {
  magpie: '#0a7ca6',
  indigo: '#5863d3',
  violet: '#8951bf',
  rose: '#bd3964',
  amber: '#b76b1c',
  green: '#258651',
  graphite: '#5c656b',
} as const;

export type AccentName = keyof typeof accents;

/** Sets the accent's custom properties on `root`; a colour that is no `#rrggbb` restores the theme's own. */
export function applyAccent(root: HTMLElement, hex: string, scheme: Scheme): void {
  const known = parseHex(hex) !== undefined;
  for (const [name, value] of Object.entries(accentTokens(known ? hex : accents.magpie, scheme)))
    root.style.setProperty(name, value);
}
