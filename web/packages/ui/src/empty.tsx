// What a pane shows when there is nothing in it: what this is, and the next step. Never decoration only.
import { Show, type JSX } from 'solid-js';
import { Dynamic } from './dom';
import './empty.css';

export function EmptyState(props: {
  readonly icon?: JSX.Element;
  readonly title: string;
  /** Of the heading: 1 where this is all of the page. Default 2. */
  readonly level?: 1 | 2;
  readonly text?: JSX.Element;
  readonly children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="ui-empty">
      <Show when={props.icon}>
        <span class="ui-empty-icon">{props.icon}</span>
      </Show>
      <Dynamic component={props.level === 1 ? 'h1' : 'h2'}>{props.title}</Dynamic>
      <Show when={props.text}>
        <p>{props.text}</p>
      </Show>
      <Show when={props.children}>
        <div class="ui-empty-actions">{props.children}</div>
      </Show>
    </div>
  );
}
