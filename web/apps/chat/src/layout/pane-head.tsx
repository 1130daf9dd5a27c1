// The head of a main pane or third column: back (phones, with the unread count), picture, title, a line below, actions.
import { Badge, BackIcon, CloseIcon, IconButton } from '@magpie/ui';
import { Show, type JSX } from 'solid-js';
import { back } from '../router';
import { useClientStore } from '../state/client';
import { narrow } from '../state/viewport';
import { t } from '../text';

export interface PaneHeadProps {
  readonly title: JSX.Element;
  readonly text?: JSX.Element;
  readonly start?: JSX.Element;
  readonly actions?: JSX.Element;
  /** The third column's head: closes instead of going back, and no unread count. */
  readonly onClose?: () => void;
}

export function PaneHead(props: PaneHeadProps): JSX.Element {
  const unread = useClientStore((client) => client.conversations.unread);
  return (
    <header class="pane-head">
      <Show when={!props.onClose}>
        <IconButton class="pane-head-back" label={unread() ? t('backUnread', unread()) : t('back')} onClick={back}>
          <BackIcon size={22} />
          <Show when={unread()}>
            {(count) => (
              <span aria-hidden="true">
                <Badge count={count()} />
              </span>
            )}
          </Show>
        </IconButton>
      </Show>
      {props.start}
      <div class="pane-head-text">
        <Show when={props.onClose && !narrow()} fallback={<h1 class="ui-truncate">{props.title}</h1>}>
          <h2 class="ui-truncate">{props.title}</h2>
        </Show>
        <Show when={props.text}>
          <p class="ui-truncate">{props.text}</p>
        </Show>
      </div>
      {props.actions}
      <Show when={props.onClose}>
        {(close) => (
          <IconButton label={t('closePanel')} onClick={() => close()()}>
            <CloseIcon />
          </IconButton>
        )}
      </Show>
    </header>
  );
}
