// Tabs over panels: arrow keys move, the panel follows.
import { Tabs as Base } from '@kobalte/core/tabs';
import { For, type JSX } from 'solid-js';
import './tabs.css';

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly tabs: readonly { readonly value: T; readonly label: JSX.Element; readonly panel: () => JSX.Element }[];
}

export function Tabs<T extends string>(props: TabsProps<T>): JSX.Element {
  return (
    <Base class="ui-tabs" value={props.value} onChange={(value) => props.onChange(value as T)}>
      <Base.List class="ui-tab-list" aria-label={props.label}>
        <For each={props.tabs}>
          {(tab) => (
            <Base.Trigger class="ui-tab" value={tab.value}>
              {tab.label}
            </Base.Trigger>
          )}
        </For>
      </Base.List>
      <For each={props.tabs}>
        {(tab) => (
          <Base.Content class="ui-tab-panel" value={tab.value}>
            {tab.panel()}
          </Base.Content>
        )}
      </For>
    </Base>
  );
}
