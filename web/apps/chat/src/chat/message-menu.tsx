// The one menu of a message: six reactions on top, then the verbs. Also the row of reactions alone, and the whole picker.
import { ContextMenu } from '@magpie/ui/menu';
import { PopoverAt } from '@magpie/ui/popover';
import { lazy, Show, Suspense, type JSX } from 'solid-js';
import { ReactionRow } from './reaction-row';
import { useChat, type OpenMenu } from './state';
import { t } from './text';
import { canReply, react, verbs } from './verbs';

const EmojiPicker = lazy(() => import('./emoji-picker'));

export default function MessageMenu(): JSX.Element {
  const chat = useChat();
  const at = (...kinds: readonly OpenMenu['kind'][]) => {
    const menu = chat.menu();
    return menu && kinds.includes(menu.kind) ? menu : undefined;
  };
  const close = () => chat.setMenu(undefined);
  return (
    <>
      <Show when={at('all')}>
        {(menu) => (
          <ContextMenu
            at={menu().at}
            label={t('messageMenu')}
            items={verbs(chat, menu().message)}
            header={canReply(menu().message) ? <ReactionRow open={menu()} inMenu /> : undefined}
            // Choosing "more" turns the menu into the picker before the menu reports that it closes.
            onClose={() => chat.menu()?.kind === 'all' && close()}
            onFocusBack={chat.focusBack}
          />
        )}
      </Show>
      <Show when={at('reactions', 'picker')}>
        {(menu) => (
          <PopoverAt at={menu().at} label={t('react')} onClose={close} onFocusBack={chat.focusBack}>
            <Show when={menu().kind === 'picker'} fallback={<ReactionRow open={menu()} />}>
              <Suspense>
                <EmojiPicker
                  onPick={(emoji) => {
                    react(chat, menu().message, emoji);
                    close();
                  }}
                />
              </Suspense>
            </Show>
          </PopoverAt>
        )}
      </Show>
    </>
  );
}
