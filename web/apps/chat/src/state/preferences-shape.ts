// What a person can choose on this device, and reading it back from whatever was stored.
import { accents, type AccentName } from '@magpie/ui/accent';
import { locales, type Locale } from '@magpie/ui/text';
import type { ThemeChoice } from '@magpie/ui';

export interface Preferences {
  /** Null: as the browser asks. */
  locale: Locale | null;
  theme: ThemeChoice;
  /** Null: the operator's own colour. */
  accent: AccentName | null;
  density: 'normal' | 'compact';
  listWidth: number;
  notifications: boolean;
  /** Shows name and text in notifications. */
  notificationText: boolean;
  sound: boolean;
}

export const listWidths = { least: 240, normal: 300, most: 420 } as const;

const initial: Preferences = {
  locale: null,
  theme: 'system',
  accent: null,
  density: 'normal',
  listWidth: listWidths.normal,
  notifications: false,
  notificationText: true,
  sound: true,
};

/** Takes what has the right shape and leaves the rest at its default: the stored text may be of another version, or anybody's. */
export function readPreferences(text: string | null): Preferences {
  let found: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) found = parsed;
  } catch {
    /* not ours: the defaults stand */
  }
  const oneOf = <T>(value: unknown, allowed: readonly T[], otherwise: T): T =>
    allowed.includes(value as T) ? (value as T) : otherwise;
  const flag = (name: 'notifications' | 'notificationText' | 'sound') =>
    typeof found[name] === 'boolean' ? found[name] : initial[name];
  return {
    locale: oneOf(found.locale, [...locales, null], initial.locale),
    theme: oneOf(found.theme, ['light', 'dark', 'system'], initial.theme),
    accent: oneOf(found.accent, [...(Object.keys(accents) as AccentName[]), null], initial.accent),
    density: oneOf(found.density, ['normal', 'compact'], initial.density),
    listWidth: clampListWidth(typeof found.listWidth === 'number' ? found.listWidth : initial.listWidth),
    notifications: flag('notifications'),
    notificationText: flag('notificationText'),
    sound: flag('sound'),
  };
}

export function clampListWidth(pixels: number): number {
  return Number.isFinite(pixels) ? Math.round(Math.min(listWidths.most, Math.max(listWidths.least, pixels))) : listWidths.normal;
}
