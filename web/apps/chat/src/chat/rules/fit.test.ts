// Reserved places: inside the limits whatever a sender claims.
import { expect, it } from 'vitest';
import { fit } from './fit';

it('keeps proportions inside the limits', () => {
  expect(fit(1920, 1440)).toEqual({ width: 360, height: 270 });
  expect(fit(300, 200)).toEqual({ width: 300, height: 200 });
});

it('survives absurd claims', () => {
  for (const [width, height] of [
    [1, 1_000_000],
    [1e9, 1],
    [-4, 3],
    [0, 0],
    [null, null],
  ] as const) {
    const size = fit(width, height);
    expect(size.width).toBeGreaterThanOrEqual(120);
    expect(size.width).toBeLessThanOrEqual(360);
    expect(size.height).toBeGreaterThanOrEqual(80);
    expect(size.height).toBeLessThanOrEqual(360);
  }
});
