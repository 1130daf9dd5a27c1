// A titled group of rows in a section.
import { Show, type JSX } from 'solid-js';

export function Card(props: {
  readonly title?: string;
  readonly note?: JSX.Element;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <section class="settings-card">
      <Show when={props.title}>
        <h2>{props.title}</h2>
      </Show>
      <div class="settings-rows">{props.children}</div>
      <Show when={props.note}>
        <p class="settings-note">{props.note}</p>
      </Show>
    </section>
  );
}
