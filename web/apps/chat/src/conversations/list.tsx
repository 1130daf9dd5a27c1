// All conversations, of which only the rows in sight exist; one menu for them all.
import type { Conversation } from '@magpie/client';
import { menuGestures } from '@magpie/ui/gestures';
import type { Place } from '@magpie/ui/menu';
import { createSignal, lazy, Show, Suspense, type JSX } from 'solid-js';
import { Virtualizer } from 'virtua/solid';
import { preferences } from '../state/preferences';
import { ConversationRow } from './row';
import { createRoving } from './roving';
import { t } from './text';

const RowMenu = lazy(() => import('./row-menu'));
const rowHeights = { normal: 60, compact: 48 } as const;

export interface Asked {
  readonly jid: string;
  readonly place: Place | undefined;
}

/** The menu of whichever row was asked, in a list that spreads `gestures` on its box. */
export function createRowMenu() {
  const [asked, setAsked] = createSignal<Asked>();
  const gestures = (box: () => HTMLElement | undefined) =>
    menuGestures((place, target) => {
      // A row's box has round corners: its middle is surely in it.
      const [x, y] = [place.x + (place.width ?? 0) / 2, place.y + (place.height ?? 0) / 2];
      const row = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-jid]');
      const jid = row?.dataset['jid'];
      if (jid && (box() ?? target).contains(row)) setAsked({ jid, place });
    });
  const menu = () => (
    <Show when={asked()}>
      {(row) => (
        <Suspense>
          <RowMenu jid={row().jid} place={row().place} onClose={() => setAsked({ jid: row().jid, place: undefined })} />
        </Suspense>
      )}
    </Show>
  );
  /** Shift+F10 where no menu key tells the browser, as on a Mac. */
  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-jid]');
    if (event.key !== 'F10' || !event.shiftKey || !row?.dataset['jid']) return;
    event.preventDefault();
    const { x, y, width, height } = row.getBoundingClientRect();
    setAsked({ jid: row.dataset['jid'], place: { x, y, width, height } });
  };
  return { asked, gestures, menu, onKeyDown };
}

export interface ConversationsProps {
  readonly rows: readonly Conversation[];
  readonly selected: string | null;
  /** Gets a function that moves the focus into the list. */
  readonly onReady: (enter: () => void) => void;
}

export function Conversations(props: ConversationsProps): JSX.Element {
  const [box, setBox] = createSignal<HTMLElement>();
  const { asked, gestures, menu, onKeyDown } = createRowMenu();
  const roving = createRoving({
    count: () => props.rows.length,
    indexOf: (jid) => props.rows.findIndex((row) => row.jid === jid),
    selected: () => props.selected,
  });
  props.onReady(roving.enter);
  return (
    <nav
      class="column-scroll chat-list"
      aria-label={t('conversations')}
      ref={(element) => {
        setBox(element);
        roving.setBox(element);
      }}
      onKeyDown={(event) => {
        roving.onKeyDown(event);
        onKeyDown(event);
      }}
      onFocusIn={roving.onFocusIn}
      {...gestures(box)}
    >
      <Virtualizer
        ref={roving.setHandle}
        data={props.rows}
        as="ul"
        item="li"
        itemSize={rowHeights[preferences.density]}
        keepMounted={[roving.index()]}
      >
        {(row, index) => (
          <div data-index={index()} data-asked={asked()?.jid === row.jid && asked()?.place ? '' : undefined}>
            <ConversationRow row={row} selected={props.selected === row.jid} tabbable={roving.index() === index()} />
          </div>
        )}
      </Virtualizer>
      {menu()}
    </nav>
  );
}
