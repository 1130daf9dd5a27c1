// What a person chose on this device for the look and behaviour of the app. Read synchronously before the first paint, so that
// nothing flashes; kept in localStorage, because it must be there before anybody logs in.
import { accents, applyTheme, onSystemScheme, preferredLocale, setLocale } from '@magpie/ui';
import { createEffect, createRoot } from 'solid-js';
import { createStore } from 'solid-js/store';
import { branding } from './branding';
import { readPreferences, type Preferences } from './preferences-shape';

export { clampListWidth, listWidths, type Preferences } from './preferences-shape';

const key = 'magpie.preferences';

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

const [preferences, setPreferences] = createStore<Preferences>(readPreferences(stored()));
export { preferences };

export function setPreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  setPreferences(name, () => value);
  try {
    localStorage.setItem(key, JSON.stringify(preferences));
  } catch {
    /* storage forbidden: holds until reload */
  }
}

/** Keeps language, theme, accent and density of the page at what is chosen. Once, before the first render. */
export function followPreferences(): void {
  const theme = () => {
    const own = preferences.accent ? accents[preferences.accent] : undefined;
    const light = own ?? branding().accent ?? accents.magpie;
    applyTheme(preferences.theme, { light, dark: own ?? branding().accentDark ?? light });
  };
  createRoot(() => {
    createEffect(() => setLocale(preferences.locale ?? preferredLocale(navigator.languages)));
    createEffect(theme);
    createEffect(() => {
      document.documentElement.dataset.density = preferences.density;
    });
  });
  onSystemScheme(theme);
}
