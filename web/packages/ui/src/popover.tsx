// A small panel anchored to its button: pickers, forms of one field.
import { Popover as Base } from '@kobalte/core/popover';
import type { JSX } from 'solid-js';
import { IconButton } from './button';
import type { Place } from './menu';
import './popover.css';

export interface PopoverProps {
  readonly label: string;
  readonly icon: JSX.Element;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly placement?: 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end';
  readonly children: JSX.Element;
}

export function Popover(props: PopoverProps): JSX.Element {
  return (
    <Base open={props.open} onOpenChange={props.onOpenChange} placement={props.placement ?? 'bottom-end'} gutter={6}>
      <Base.Trigger as={IconButton} label={props.label}>
        {props.icon}
      </Base.Trigger>
      <Base.Portal>
        <Base.Content class="ui-popover" aria-label={props.label}>
          {props.children}
        </Base.Content>
      </Base.Portal>
    </Base>
  );
}

export interface PopoverAtProps {
  readonly at: Place;
  readonly label: string;
  readonly onClose: () => void;
  /** Where the focus goes afterwards. */
  readonly onFocusBack: () => void;
  readonly children: JSX.Element;
}

/** The same panel at a place, without a button of its own. */
export function PopoverAt(props: PopoverAtProps): JSX.Element {
  return (
    <Base
      open
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
      getAnchorRect={() => ({ width: 0, height: 0, ...props.at })}
      placement="top"
      gutter={6}
    >
      <Base.Portal>
        <Base.Content
          class="ui-popover"
          aria-label={props.label}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            props.onFocusBack();
          }}
        >
          {props.children}
        </Base.Content>
      </Base.Portal>
    </Base>
  );
}
