// Back to the end of the conversation, or to the first of its new messages.
import { ArrowDownIcon, Badge, IconButton } from '@magpie/ui';
import { Show, type JSX } from 'solid-js';
import { t } from './text';

export function JumpButton(props: { readonly shown: boolean; readonly count: number; readonly onClick: () => void }): JSX.Element {
  return (
    <Show when={props.shown}>
      <div class="timeline-jump">
        <IconButton label={props.count ? t('toUnread', props.count) : t('toEnd')} onClick={() => props.onClick()}>
          <ArrowDownIcon />
          <Show when={props.count}>
            <span class="timeline-jump-count" aria-hidden="true">
              <Badge count={props.count} />
            </span>
          </Show>
        </IconButton>
      </div>
    </Show>
  );
}
