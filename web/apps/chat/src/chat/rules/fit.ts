// The place a picture or video gets before it is loaded, from what its sender said about it.

export interface Size {
  readonly width: number;
  readonly height: number;
}

const most: Size = { width: 360, height: 360 };
const least: Size = { width: 120, height: 80 };
/** Of what nothing is known. */
const unknown: Size = { width: 280, height: 210 };

/** Never larger than it is, never too small to be hit; what is very long or wide is cut by `object-fit`. */
export function fit(width: number | null, height: number | null): Size {
  if (!width || !height || width < 1 || height < 1) return unknown;
  const scale = Math.min(1, most.width / width, most.height / height);
  return {
    width: Math.round(Math.max(least.width, width * scale)),
    height: Math.round(Math.max(least.height, height * scale)),
  };
}
