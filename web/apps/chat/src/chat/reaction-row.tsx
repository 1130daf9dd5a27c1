// The six quick reactions and the way to all others, as buttons; in a menu they are items of it.
import { PlusIcon } from '@magpie/ui';
import { MenuTile } from '@magpie/ui/menu';
import { For, type JSX } from 'solid-js';
import { useChat, type OpenMenu } from './state';
import { t } from './text';
import { quickReactions, react } from './verbs';

interface TileProps {
  readonly label: string;
  readonly checked?: boolean;
  readonly onSelect: () => void;
  readonly children: JSX.Element;
}

function ButtonTile(props: TileProps): JSX.Element {
  return (
    <button
      type="button"
      class="ui-menu-tile"
      aria-label={props.label}
      title={props.label}
      data-checked={props.checked ? '' : undefined}
      onClick={() => props.onSelect()}
    >
      {props.children}
    </button>
  );
}

export function ReactionRow(props: { readonly open: OpenMenu; readonly inMenu?: boolean }): JSX.Element {
  const chat = useChat();
  const Tile = props.inMenu ? MenuTile : ButtonTile;
  const mine = (emoji: string) => props.open.message.reactions.some((reaction) => reaction.mine && reaction.emoji === emoji);
  return (
    <div class="reaction-row">
      <For each={quickReactions}>
        {(emoji) => (
          <Tile
            label={mine(emoji) ? t('unreact', emoji) : t('reactWith', emoji)}
            checked={mine(emoji)}
            onSelect={() => {
              react(chat, props.open.message, emoji);
              chat.setMenu(undefined);
            }}
          >
            {emoji}
          </Tile>
        )}
      </For>
      <Tile
        label={t('moreReactions')}
        onSelect={() => {
          const { message, at } = props.open;
          chat.setMenu({ message, at, kind: 'picker' });
        }}
      >
        <PlusIcon />
      </Tile>
    </div>
  );
}
