// An open conversation as a whole: head, messages, composer; and what opens over them when asked for.
import { useClient } from '../state/client';
import { createEffect, createSignal, lazy, on, onCleanup, Show, Suspense, type JSX } from 'solid-js';
import { Composer } from './composer';
import { DropArea } from './drop-area';
import { ChatHead } from './head';
import { OddLinkContext } from './odd-link';
import { SearchBar } from './search-bar';
import { SelectionBar } from './selection-bar';
import { ChatProvider, createChat } from './state';
import { Timeline } from './timeline';
import './pane.css';

const MessageMenu = lazy(() => import('./message-menu'));
const Questions = lazy(() => import('./questions'));
const Forward = lazy(() => import('./forward'));
const Viewer = lazy(() => import('./viewer'));

export function Conversation(props: { readonly jid: string }): JSX.Element {
  const chat = createChat(useClient(), props.jid);
  const [odd, setOdd] = createSignal<string>();
  const keys = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'f') {
      event.preventDefault();
      chat.setSearching(true);
    }
  };
  // Dialogs that were opened from a menu have nowhere to give the focus back to.
  createEffect(
    on(
      () => !chat.asking() && !chat.forwarding() && !odd(),
      (closed) => {
        if (closed) setTimeout(() => document.activeElement === document.body && chat.focusBack(), 200);
      },
      { defer: true },
    ),
  );
  document.addEventListener('keydown', keys);
  onCleanup(() => document.removeEventListener('keydown', keys));
  return (
    <ChatProvider value={chat}>
      <OddLinkContext.Provider value={setOdd}>
        <DropArea onFiles={(files) => chat.composer?.addFiles(files)}>
          <Show when={chat.searching()} fallback={<ChatHead />}>
            <SearchBar />
          </Show>
          <Timeline />
          <Show when={chat.selection()} fallback={<Composer />}>
            <SelectionBar />
          </Show>
        </DropArea>
        <Suspense>
          <Show when={chat.menu()}>
            <MessageMenu />
          </Show>
          <Show when={chat.asking() || odd()}>
            <Questions odd={odd()} onOdd={setOdd} />
          </Show>
          <Show when={chat.forwarding()}>
            <Forward />
          </Show>
          <Show when={chat.viewing()}>
            <Viewer />
          </Show>
        </Suspense>
      </OddLinkContext.Provider>
    </ChatProvider>
  );
}
