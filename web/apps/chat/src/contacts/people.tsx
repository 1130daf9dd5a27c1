// The contacts themselves in a list where only the rows in sight exist, with headings by letter and a rail to jump by.
import type { Contact } from '@magpie/client';
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js';
import { Virtualizer, type VirtualizerHandle } from 'virtua/solid';
import { createRoving } from '../conversations/roving';
import { ContactRow } from './contact-row';
import { sectioned, type Entry } from './sections';
import { t } from './text';

/** Rows stay the same objects while nothing about them changes, so that the list patches instead of drawing anew. */
function keepEntries(before: readonly Entry[], after: readonly Entry[]): readonly Entry[] {
  const known = new Map<unknown, Entry>(before.map((entry) => [entry.kind === 'letter' ? entry.letter : entry.contact, entry]));
  return after.map((entry) => known.get(entry.kind === 'letter' ? entry.letter : entry.contact) ?? entry);
}

export interface PeopleProps {
  readonly contacts: readonly Contact[];
  readonly selected: string | null;
  readonly onReady: (enter: () => void) => void;
}

export function People(props: PeopleProps): JSX.Element {
  const entries = createMemo<readonly Entry[]>((before) => keepEntries(before, sectioned(props.contacts)), []);
  const letters = createMemo(() => entries().flatMap((entry, at) => (entry.kind === 'letter' ? [[entry.letter, at] as const] : [])));
  const [handle, setHandle] = createSignal<VirtualizerHandle>();
  const roving = createRoving({
    count: () => entries().length,
    indexOf: (jid) => entries().findIndex((entry) => entry.kind === 'contact' && entry.contact.jid === jid),
    selected: () => props.selected,
    skips: (index) => entries()[index]?.kind === 'letter',
  });
  props.onReady(roving.enter);
  return (
    <div class="people">
      <nav
        class="column-scroll people-list"
        aria-label={t('contactList')}
        ref={roving.setBox}
        onKeyDown={roving.onKeyDown}
        onFocusIn={roving.onFocusIn}
      >
        <Virtualizer
          ref={(next) => {
            setHandle(next);
            roving.setHandle(next);
          }}
          data={entries()}
          as="ul"
          item="li"
          itemSize={56}
          keepMounted={[roving.index()]}
        >
          {(entry, index) =>
            entry.kind === 'letter' ? (
              <h2 class="people-letter">{entry.letter}</h2>
            ) : (
              <div data-index={index()}>
                <ContactRow
                  contact={entry.contact}
                  selected={props.selected === entry.contact.jid}
                  tabbable={roving.index() === index()}
                />
              </div>
            )
          }
        </Virtualizer>
      </nav>
      <Show when={props.contacts.length > 30}>
        <div class="people-rail" role="group" aria-label={t('letterIndex')}>
          <For each={letters()}>
            {([letter, at]) => (
              <button type="button" tabindex="-1" onClick={() => handle()?.scrollToIndex(at, { align: 'start' })}>
                {letter}
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}
