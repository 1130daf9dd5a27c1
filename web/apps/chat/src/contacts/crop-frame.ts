// Where a picture stands under the round frame of the crop dialog. The frame is always full: no edge of the picture comes inside.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `zoom` 1: the shorter side just fills the frame. `x`, `y`: the picture's centre from the frame's, in frame pixels. */
export interface Framing {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const wholePicture: Framing = { zoom: 1, x: 0, y: 0 };
export const mostZoom = 4;

const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/** Frame pixels per picture pixel. */
export const scaleOf = (picture: Size, frame: number, zoom: number): number =>
  (frame / Math.max(1, Math.min(picture.width, picture.height))) * zoom;

export function held(picture: Size, frame: number, framing: Framing): Framing {
  const zoom = between(1, framing.zoom, mostZoom);
  const scale = scaleOf(picture, frame, zoom);
  const roomX = Math.max(0, (picture.width * scale - frame) / 2);
  const roomY = Math.max(0, (picture.height * scale - frame) / 2);
  return { zoom, x: between(-roomX, framing.x, roomX), y: between(-roomY, framing.y, roomY) };
}

/** Zooms around the frame's centre: what is in the middle stays there. */
export function zoomed(picture: Size, frame: number, framing: Framing, zoom: number): Framing {
  const next = between(1, zoom, mostZoom);
  const by = next / framing.zoom;
  return held(picture, frame, { zoom: next, x: framing.x * by, y: framing.y * by });
}

/** The square of the picture that is inside the frame, in picture pixels. */
export function cut(picture: Size, frame: number, { zoom, x, y }: Framing) {
  const scale = scaleOf(picture, frame, zoom);
  const side = frame / scale;
  return { x: picture.width / 2 - x / scale - side / 2, y: picture.height / 2 - y / scale - side / 2, side };
}
