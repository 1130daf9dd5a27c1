// Stored preferences of another version, or anybody's, never break the start.
import { expect, it } from 'vitest';
import { clampListWidth, readPreferences } from './preferences-shape';

it.each([null, '', 'null', '[]', '42', '{broken', '{"theme":"<b>","accent":1,"listWidth":"wide","sound":"no"}'])(
  '%s gives the defaults',
  (text) => {
    expect(readPreferences(text)).toMatchObject({
      locale: null,
      theme: 'system',
      accent: null,
      density: 'normal',
      listWidth: 300,
      sound: true,
    });
  },
);

it('keeps what was chosen', () => {
  const chosen = {
    locale: 'en',
    theme: 'dark',
    accent: 'rose',
    density: 'compact',
    listWidth: 350,
    notifications: true,
    notificationText: false,
    sound: false,
  };
  expect(readPreferences(JSON.stringify(chosen))).toEqual(chosen);
});

it('keeps the list between its widths', () => {
  expect([-5, 100, 333.4, 9999, NaN].map(clampListWidth)).toEqual([240, 240, 333, 420, 300]);
});
