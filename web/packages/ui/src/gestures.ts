// How a context menu is asked for: right click, the menu key (both come as `contextmenu`), or a long press of a finger.
import type { Place } from './menu';

const longPressMs = 380;
const slack = 10;

export interface MenuGestures {
  readonly onContextMenu: (event: MouseEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onPointerCancel: () => void;
}

/** Spread on the element. `open` gets the pointer's place, or the element's box when the keyboard asked. */
export function menuGestures(open: (place: Place, target: HTMLElement) => void): MenuGestures {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start: { x: number; y: number } | undefined;
  let opened = false;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    onContextMenu(event) {
      event.preventDefault();
      stop();
      if (opened) return;
      const target = event.currentTarget as HTMLElement;
      const byKeyboard = event.button !== 2 && event.detail === 0;
      open(byKeyboard ? boxOf(event.target as HTMLElement) : { x: event.clientX, y: event.clientY }, target);
    },
    onPointerDown(event) {
      opened = false;
      if (event.pointerType === 'mouse' || !event.isPrimary) return;
      const target = event.currentTarget as HTMLElement;
      start = { x: event.clientX, y: event.clientY };
      stop();
      timer = setTimeout(() => {
        opened = true;
        open({ ...(start ?? { x: 0, y: 0 }) }, target);
      }, longPressMs);
    },
    onPointerMove(event) {
      if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > slack) stop();
    },
    onPointerUp(event) {
      stop();
      if (opened) event.preventDefault();
    },
    onPointerCancel: stop,
  };
}

function boxOf(element: HTMLElement): Place {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}
