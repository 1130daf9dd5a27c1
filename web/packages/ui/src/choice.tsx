// Choices: a switch (on or off), and a segmented row of a few exclusive values. Native inputs underneath.
import { createUniqueId, For, type JSX } from 'solid-js';
import './choice.css';

/** Named by an element around it (`ListRow` as a label) or by `label`. */
export function Switch(props: {
  readonly label?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}): JSX.Element {
  return (
    <span class="ui-switch">
      <input
        type="checkbox"
        role="switch"
        aria-label={props.label}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span aria-hidden="true" />
    </span>
  );
}

export interface SegmentedProps<T extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: JSX.Element }[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

export function Segmented<T extends string>(props: SegmentedProps<T>): JSX.Element {
  const name = createUniqueId();
  return (
    <fieldset class="ui-segmented" aria-label={props.label} disabled={props.disabled}>
      <For each={props.options}>
        {(option) => (
          <label>
            <input
              type="radio"
              class="ui-visually-hidden"
              name={name}
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
