// The unread count. Quiet for muted conversations; a dot without a number for what was marked unread by hand.
import { Show, type JSX } from 'solid-js';
import { uiText } from './ui-text';
import './badge.css';

export function Badge(props: { readonly count?: number; readonly quiet?: boolean }): JSX.Element {
  return (
    <span class="ui-badge" data-quiet={props.quiet ? '' : undefined} data-dot={props.count ? undefined : ''}>
      <Show when={props.count}>
        {(count) => (
          <>
            <span aria-hidden="true">{count() > 99 ? '99+' : count()}</span>
            <span class="ui-visually-hidden">{uiText('unread', count())}</span>
          </>
        )}
      </Show>
    </span>
  );
}
