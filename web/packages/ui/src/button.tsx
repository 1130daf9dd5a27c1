// Buttons: with text (primary, plain, quiet, danger) and with only an icon (whose label is then required).
import { Show, splitProps, type JSX } from 'solid-js';
import { Spinner } from './spinner';
import './button.css';

export interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** Shows a spinner and takes no clicks, but keeps its place and focus. */
  readonly busy?: boolean;
  readonly wide?: boolean;
}

export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['kind', 'busy', 'wide', 'class', 'children', 'type', 'onClick']);
  const click: JSX.EventHandler<HTMLButtonElement, MouseEvent> = (event) => {
    if (own.busy) event.preventDefault();
    else if (typeof own.onClick === 'function') own.onClick(event);
  };
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={`ui-button ${own.class ?? ''}`}
      data-kind={own.kind ?? 'plain'}
      data-wide={own.wide ? '' : undefined}
      aria-busy={own.busy || undefined}
      onClick={click}
    >
      <span class="ui-button-label">{own.children}</span>
      <Show when={own.busy}>
        <Spinner size={18} />
      </Show>
    </button>
  );
}

export interface IconButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string;
  /** `accent` fills it: the one main action of a bar. */
  readonly kind?: 'quiet' | 'accent';
  /** Pressed state of a toggle. */
  readonly pressed?: boolean | undefined;
}

/** A square target of at least 36 px (44 under a finger). Wrap it in `Tooltip` where its meaning is not obvious. */
export function IconButton(props: IconButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'kind', 'pressed', 'class', 'children', 'type']);
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={`ui-icon-button ${own.class ?? ''}`}
      data-kind={own.kind ?? 'quiet'}
      aria-label={own.label}
      aria-pressed={own.pressed}
    >
      {own.children}
    </button>
  );
}
