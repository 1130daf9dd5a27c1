// A short text that explains an icon, on hover and focus.
import { Tooltip as Base } from '@kobalte/core/tooltip';
import type { JSX } from 'solid-js';
import './tooltip.css';

export function Tooltip(props: {
  readonly text: string;
  readonly children: JSX.Element;
  readonly placement?: 'top' | 'bottom' | 'left' | 'right';
}): JSX.Element {
  return (
    <Base placement={props.placement ?? 'bottom'} gutter={6} openDelay={500} closeDelay={0} skipDelayDuration={200}>
      <Base.Trigger as="span" class="ui-tip-anchor" tabIndex={undefined}>
        {props.children}
      </Base.Trigger>
      <Base.Portal>
        <Base.Content class="ui-tip">{props.text}</Base.Content>
      </Base.Portal>
    </Base>
  );
}
