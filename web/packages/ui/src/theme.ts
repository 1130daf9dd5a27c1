// Light, dark or as the system says, on the page's root.
import { accents, applyAccent } from './accent';
import type { Scheme } from './color';

export type ThemeChoice = Scheme | 'system';

/** What a choice means right now. */
export function schemeOf(choice: ThemeChoice): Scheme {
  if (choice !== 'system') return choice;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Puts theme and accent on the page, and the window's own colour on phones. `accent`: per scheme, `#rrggbb`. */
export function applyTheme(
  choice: ThemeChoice,
  accent: Readonly<Record<Scheme, string>> = { light: accents.magpie, dark: accents.magpie },
): void {
  const scheme = schemeOf(choice);
  const root = document.documentElement;
  root.dataset.theme = scheme;
  applyAccent(root, accent[scheme], scheme);
  const surface = getComputedStyle(root).getPropertyValue('--surface').trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', surface);
}

/** Calls back whenever the system changes between light and dark. */
export function onSystemScheme(changed: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
