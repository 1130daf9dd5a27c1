// Zoom and move of a picture: wheel, two fingers, drag.
import { createSignal } from 'solid-js';

const most = 8;
interface Point {
  readonly x: number;
  readonly y: number;
}

export function createZoom() {
  const [scale, setScale] = createSignal(1);
  const [moved, setMoved] = createSignal<Point>({ x: 0, y: 0 });
  const fingers = new Map<number, Point>();

  const reset = () => {
    setScale(1);
    setMoved({ x: 0, y: 0 });
  };
  const by = (factor: number) => {
    setScale((now) => Math.min(most, Math.max(1, now * factor)));
    if (scale() === 1) setMoved({ x: 0, y: 0 });
  };
  const spread = () => {
    const [one, other] = [...fingers.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  };
  const gestures = {
    onWheel: (event: WheelEvent) => {
      event.preventDefault();
      by(Math.exp(-event.deltaY / 400));
    },
    onPointerDown: (event: PointerEvent) => {
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event: PointerEvent) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const distance = spread();
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 2 && distance) by(spread() / distance);
      else if (scale() > 1)
        setMoved(({ x, y }) => ({ x: x + event.clientX - before.x, y: y + event.clientY - before.y }));
    },
    onPointerUp: (event: PointerEvent) => {
      fingers.delete(event.pointerId);
    },
    onPointerCancel: (event: PointerEvent) => {
      fingers.delete(event.pointerId);
    },
  };
  return { scale, reset, by, gestures, transform: () => `translate(${moved().x}px, ${moved().y}px) scale(${scale()})` };
}
