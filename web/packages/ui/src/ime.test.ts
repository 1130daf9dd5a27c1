// Enter that belongs to an input method never counts.
import { expect, it, vi } from 'vitest';

let compositionEnd: (event: { timeStamp: number }) => void = () => undefined;
vi.stubGlobal('document', { addEventListener: (_type: string, listener: typeof compositionEnd) => (compositionEnd = listener) });
const { isEnter } = await import('./ime');

const press = (more: Partial<KeyboardEvent> = {}): KeyboardEvent =>
  ({
    key: 'Enter',
    isComposing: false,
    keyCode: 13,
    timeStamp: 1000,
    shiftKey: false,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    ...more,
  }) as KeyboardEvent;

it('is a plain Enter', () => expect(isEnter(press())).toBe(true));

it.each([{ isComposing: true }, { keyCode: 229 }, { shiftKey: true }, { ctrlKey: true }, { key: 'a' }])('%j is none', (more) =>
  expect(isEnter(press(more))).toBe(false),
);

it('is none right after a composition ended, as Safari sends it', () => {
  compositionEnd({ timeStamp: 990 });
  expect(isEnter(press())).toBe(false);
  expect(isEnter(press({ timeStamp: 1200 }))).toBe(true);
});
