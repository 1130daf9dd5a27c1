// Ctrl+K: finds people, chats and commands by name, username or pinyin, and goes there. Arrow keys choose, Enter opens.
import { AddUserIcon, composing, PersonName, RightIcon, SearchField, Avatar, Badge } from '@magpie/ui';
import { Dialog } from '@magpie/ui/dialog';
import { createEffect, createMemo, createSignal, For, on, Show, type JSX } from 'solid-js';
import { meaningOf } from '../contacts/meaning';
import { setFinding } from '../layout/keys';
import { navigate, toChat, toContact } from '../router';
import { useClient } from '../state/client';
import { fromChosen } from '../state/signal';
import { commandsOf } from './commands';
import { findHits, type Command, type Person } from './hits';
import { t } from './text';
import './switcher.css';

type Hit = Person | Command;

function PersonHit(props: { readonly hit: Person }): JSX.Element {
  const client = useClient();
  const profile = fromChosen(() => client.profiles.of(props.hit.jid));
  return (
    <>
      <Avatar name={props.hit.name} seed={props.hit.jid} picture={profile().avatar?.blob} size={32} />
      <PersonName name={props.hit.name} class="ui-truncate" />
      <span class="switcher-text ui-truncate">{props.hit.jid}</span>
      <Show when={props.hit.unread}>{(count) => <Badge count={count()} quiet={props.hit.muted} />}</Show>
    </>
  );
}

function CommandHit(props: { readonly hit: Command }): JSX.Element {
  return (
    <>
      <span class="switcher-icon">
        <Show when={props.hit.id === 'address'} fallback={<RightIcon size={16} />}>
          <AddUserIcon />
        </Show>
      </span>
      <span class="ui-truncate">{props.hit.title}</span>
    </>
  );
}

/** One group of the listbox; `from` is where its options begin among all. */
function Group(props: {
  readonly label: string;
  readonly hits: readonly Hit[];
  readonly from: number;
  readonly chosen: number;
  readonly onChoose: (at: number) => void;
  readonly onGo: (hit: Hit) => void;
}): JSX.Element {
  return (
    <Show when={props.hits.length}>
      <div role="group" aria-label={props.label}>
        <p class="switcher-heading" aria-hidden="true">
          {props.label}
        </p>
        <For each={props.hits}>
          {(hit, at) => (
            <div
              id={`hit-${props.from + at()}`}
              class="switcher-hit"
              role="option"
              aria-selected={props.chosen === props.from + at()}
              onPointerMove={() => props.onChoose(props.from + at())}
              onClick={() => props.onGo(hit)}
            >
              {hit.kind === 'person' ? <PersonHit hit={hit} /> : <CommandHit hit={hit} />}
            </div>
          )}
        </For>
      </div>
    </Show>
  );
}

function Keys(): JSX.Element {
  return (
    <p class="switcher-keys" aria-hidden="true">
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> {t('choose')}
      </span>
      <span>
        <kbd>Enter</kbd> {t('open')}
      </span>
      <span>
        <kbd>Esc</kbd> {t('close')}
      </span>
    </p>
  );
}

export default function Switcher(): JSX.Element {
  const client = useClient();
  const [words, setWords] = createSignal('');
  const [chosen, choose] = createSignal(0);
  const close = () => setFinding(false);
  const commands = commandsOf(client);
  const hits = createMemo(() =>
    findHits(words(), {
      conversations: client.conversations.list.get(),
      contacts: client.contacts.list.get(),
      commands,
      nicknameOf: (jid) => (client.contacts.get(jid)?.remark ? client.profiles.of(jid).get().nickname : null),
    }),
  );
  /** A whole address of somebody unknown can be opened, too. */
  const address = createMemo((): readonly Command[] => {
    if (!words().includes('@')) return [];
    const meaning = meaningOf(words(), client.connection.account.get()?.domain ?? '', () => null);
    const jid = meaning.kind === 'words' ? meaning.jid : null;
    if (!jid || hits().people.some((hit) => hit.jid === jid)) return [];
    return [{ kind: 'command', id: 'address', title: t('add', jid), alias: '', run: () => navigate(toContact(jid)) }];
  });
  const actions = () => [...address(), ...hits().commands];
  const all = (): readonly Hit[] => [...hits().people, ...actions()];
  createEffect(on(words, () => choose(0)));
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    close();
    if (hit.kind === 'person') navigate(toChat(hit.jid));
    else hit.run();
  };
  const press = (event: KeyboardEvent) => {
    if (composing(event)) return;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      choose((chosen() + by + all().length) % Math.max(1, all().length));
      document.getElementById(`hit-${chosen()}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(all()[chosen()]);
    }
  };
  return (
    <Dialog open onClose={close} title={t('title')} size="palette">
      <div class="switcher" onKeyDown={press}>
        <SearchField
          autofocus
          label={t('field')}
          value={words()}
          onValue={setWords}
          role="combobox"
          aria-expanded={all().length > 0}
          aria-controls="hits"
          aria-autocomplete="list"
          aria-activedescendant={all().length ? `hit-${chosen()}` : undefined}
        />
        <div id="hits" class="switcher-hits" role="listbox" aria-label={t('title')}>
          <Group
            label={t(words().trim() ? 'people' : 'recent')}
            hits={hits().people}
            from={0}
            chosen={chosen()}
            onChoose={choose}
            onGo={go}
          />
          <Group
            label={t('commands')}
            hits={actions()}
            from={hits().people.length}
            chosen={chosen()}
            onChoose={choose}
            onGo={go}
          />
        </div>
        <Show when={all().length === 0}>
          <p class="switcher-none">{t('nothing', words().trim())}</p>
        </Show>
        <p class="ui-visually-hidden" role="status">
          {words().trim() ? t('results', all().length) : ''}
        </p>
      </div>
      <Keys />
    </Dialog>
  );
}
