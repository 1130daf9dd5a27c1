// A row of a list: something at the left, title and one line below, something at the right. A link, a button, a label or plain.
import { Show, splitProps, type JSX } from 'solid-js';
import { Dynamic } from './dom';
import './row.css';

export interface ListRowProps {
  readonly start?: JSX.Element;
  readonly title: JSX.Element;
  readonly text?: JSX.Element;
  readonly end?: JSX.Element;
  readonly href?: string | undefined;
  readonly onClick?: (event: MouseEvent) => void;
  /** A label for the control in `end`: a click anywhere works it. */
  readonly as?: 'label' | 'div';
  readonly selected?: boolean;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Lets the text below the title wrap. */
  readonly wrap?: boolean;
}

export function ListRow(props: ListRowProps): JSX.Element {
  const [own] = splitProps(props, [
    'start',
    'title',
    'text',
    'end',
    'href',
    'onClick',
    'as',
    'selected',
    'danger',
    'disabled',
    'wrap',
  ]);
  const element = () => own.as ?? (own.href !== undefined ? 'a' : own.onClick ? 'button' : 'div');
  return (
    <Dynamic
      component={element()}
      class="ui-row"
      href={own.href}
      type={element() === 'button' ? 'button' : undefined}
      disabled={own.disabled || undefined}
      aria-current={own.selected ? 'page' : undefined}
      data-danger={own.danger ? '' : undefined}
      data-wrap={own.wrap ? '' : undefined}
      onClick={own.onClick}
    >
      <Show when={own.start}>
        <span class="ui-row-start">{own.start}</span>
      </Show>
      <span class="ui-row-main">
        <span class="ui-row-title">{own.title}</span>
        <Show when={own.text}>
          <span class="ui-row-text">{own.text}</span>
        </Show>
      </span>
      <Show when={own.end}>
        <span class="ui-row-end">{own.end}</span>
      </Show>
    </Dynamic>
  );
}
