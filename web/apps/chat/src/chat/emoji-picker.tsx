// The emoji picker: search in both languages, recent ones, groups. By keyboard: arrows in the grid, Enter picks.
import { Button, SearchField, Spinner } from '@magpie/ui';
import { createMemo, createResource, createSignal, For, Match, onMount, Show, Switch, type JSX } from 'solid-js';
import { emojiData, findEmoji, nameOf, recentEmoji, rememberEmoji, type Emoji } from './emoji-data';
import { t } from './text';
import './emoji-picker.css';

const groups = [
  [0, 'group0', '😀'],
  [1, 'group1', '👋'],
  [3, 'group3', '🐻'],
  [4, 'group4', '🍜'],
  [5, 'group5', '🚄'],
  [6, 'group6', '⚽'],
  [7, 'group7', '💡'],
  [8, 'group8', '❤️'],
  [9, 'group9', '🏁'],
] as const;

const columns = 9;
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };

function Grid(props: { readonly emoji: readonly Emoji[]; readonly onPick: (emoji: string) => void }): JSX.Element {
  return (
    <div class="emoji-grid">
      <For each={props.emoji}>
        {(one) => (
          <button type="button" aria-label={nameOf(one)} title={nameOf(one)} tabindex={-1} onClick={() => props.onPick(one.emoji)}>
            {one.emoji}
          </button>
        )}
      </For>
    </div>
  );
}

export default function EmojiPicker(props: { readonly onPick: (emoji: string) => void }): JSX.Element {
  const [query, setQuery] = createSignal('');
  const [data, { refetch }] = createResource(emojiData);
  let picker!: HTMLDivElement;
  let body!: HTMLDivElement;
  // The panel looked for something to focus before this module was there. A finger would only get the keyboard over it.
  onMount(() =>
    setTimeout(() => (matchMedia('(pointer: fine)').matches ? picker.querySelector('input') : body)?.focus(), 0),
  );
  const found = createMemo(() => (query().trim() ? findEmoji(data.latest ?? [], query()).slice(0, 180) : undefined));
  const recent = createMemo(() => {
    const all = new Map((data.latest ?? []).map((one) => [one.emoji, one]));
    return recentEmoji().flatMap((emoji) => all.get(emoji) ?? []);
  });
  const pick = (emoji: string) => {
    rememberEmoji(emoji);
    props.onPick(emoji);
  };
  const keys = (event: KeyboardEvent) => {
    const buttons = [...body.querySelectorAll<HTMLElement>('.emoji-grid > button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const step = steps[event.key];
    const inField = event.target instanceof HTMLInputElement;
    if (inField && event.key === 'Enter' && query()) buttons[0]?.click();
    if (step === undefined || (inField && event.key !== 'ArrowDown') || event.isComposing) return;
    event.preventDefault();
    if (at + step < 0) picker.querySelector('input')?.focus();
    else buttons[inField ? 0 : Math.min(at + step, buttons.length - 1)]?.focus();
  };
  return (
    <div class="emoji-picker" ref={picker} onKeyDown={keys}>
      <SearchField label={t('findEmoji')} value={query()} onValue={setQuery} />
      <div class="emoji-body" ref={body} tabindex={-1}>
        <Switch>
          <Match when={data.error as unknown}>
            <p class="emoji-note">
              {t('emojiFailed')}
              <Button kind="quiet" onClick={() => void refetch()}>
                {t('retry')}
              </Button>
            </p>
          </Match>
          <Match when={data.loading}>
            <p class="emoji-note">
              <Spinner />
            </p>
          </Match>
          <Match when={found()}>
            {(hits) => (
              <Show when={hits().length} fallback={<p class="emoji-note">{t('noEmoji')}</p>}>
                <Grid emoji={hits()} onPick={pick} />
              </Show>
            )}
          </Match>
          <Match when={data.latest}>
            {(all) => (
              <>
                <Show when={recent().length}>
                  <h2>{t('recentEmoji')}</h2>
                  <Grid emoji={recent()} onPick={pick} />
                </Show>
                <For each={groups}>
                  {([group, name]) => (
                    <section data-group={group}>
                      <h2>{t(name)}</h2>
                      <Grid emoji={all().filter((one) => one.group === group)} onPick={pick} />
                    </section>
                  )}
                </For>
              </>
            )}
          </Match>
        </Switch>
      </div>
      <nav class="emoji-groups" aria-label={t('emojiGroups')}>
        <For each={groups}>
          {([group, name, sign]) => (
            <button
              type="button"
              aria-label={t(name)}
              title={t(name)}
              onClick={() => {
                setQuery('');
                queueMicrotask(() => body.querySelector(`[data-group="${group}"]`)?.scrollIntoView({ block: 'start' }));
              }}
            >
              {sign}
            </button>
          )}
        </For>
      </nav>
    </div>
  );
}
