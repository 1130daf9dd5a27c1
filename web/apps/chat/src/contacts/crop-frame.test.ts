// The geometry of cropping: the frame is always full, and what is cut is what is seen.
import { expect, it } from 'vitest';
import { cut, held, wholePicture, zoomed } from './crop-frame';

const wide = { width: 800, height: 400 };

it('begins with the middle of the picture', () =>
  expect(cut(wide, 200, wholePicture)).toEqual({ x: 200, y: 0, side: 400 }));

it('moves only as far as the picture reaches', () => {
  expect(held(wide, 200, { zoom: 1, x: 999, y: 50 })).toEqual({ zoom: 1, x: 100, y: 0 });
  expect(cut(wide, 200, { zoom: 1, x: 100, y: 0 })).toEqual({ x: 0, y: 0, side: 400 });
  expect(cut(wide, 200, { zoom: 1, x: -100, y: 0 })).toEqual({ x: 400, y: 0, side: 400 });
});

it('keeps the middle when it zooms', () => {
  const before = { zoom: 2, x: 60, y: -30 };
  const middle = (framing: typeof before) => {
    const { x, y, side } = cut(wide, 200, framing);
    return [x + side / 2, y + side / 2];
  };
  expect(middle(zoomed(wide, 200, before, 3))).toEqual(middle(before));
});

it('zooms between once and four times, and comes back into the frame', () => {
  expect(zoomed(wide, 200, wholePicture, 9).zoom).toBe(4);
  expect(zoomed(wide, 200, { zoom: 4, x: 700, y: 300 }, 0)).toEqual({ zoom: 1, x: 100, y: 0 });
});
