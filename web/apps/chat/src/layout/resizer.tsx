// The line between list and main pane: drag it, or focus it and press the arrow keys. The width is kept.
import { createEffect, createSignal, type JSX } from 'solid-js';
import { clampListWidth, listWidths, preferences, setPreference } from '../state/preferences';
import { t } from '../text';
import './resizer.css';

const step = 16;

export function Resizer(): JSX.Element {
  let handle: HTMLDivElement | undefined;
  const [dragged, setDragged] = createSignal<number>();
  const width = () => dragged() ?? preferences.listWidth;
  createEffect(() => handle?.closest<HTMLElement>('.shell')?.style.setProperty('--list-width', `${width()}px`));

  const drag = (event: PointerEvent) => {
    if (!handle?.hasPointerCapture(event.pointerId)) return;
    setDragged(clampListWidth(event.clientX - (handle.closest('.shell')?.getBoundingClientRect().left ?? 0)));
  };
  const drop = () => {
    const reached = dragged();
    if (reached !== undefined) setPreference('listWidth', reached);
    setDragged(undefined);
  };
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -step : event.key === 'ArrowRight' ? step : 0;
    if (by === 0) return;
    event.preventDefault();
    setPreference('listWidth', clampListWidth(width() + by));
  };
  return (
    <div
      class="shell-resizer"
      ref={handle}
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label={t('resizeList')}
      aria-valuenow={width()}
      aria-valuemin={listWidths.least}
      aria-valuemax={listWidths.most}
      onPointerDown={(event) => handle?.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onPointerUp={drop}
      onPointerCancel={drop}
      onDblClick={() => setPreference('listWidth', listWidths.normal)}
      onKeyDown={press}
    />
  );
}
