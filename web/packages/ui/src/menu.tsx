// Menus: one that opens from a button, and one that opens at a place (right click, long press, menu key) over any element.
import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { For, Show, type JSX } from 'solid-js';
import { IconButton } from './button';
import type { IconComponent } from './icons';
import './menu.css';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconComponent;
  /** Shown at the right: `⌘K`. */
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

/** `undefined` draws a line between groups. */
export type MenuItems = readonly (MenuItem | undefined)[];

function Items(props: { readonly items: MenuItems }): JSX.Element {
  return (
    <For each={props.items}>
      {(item) => (
        <Show when={item} fallback={<DropdownMenu.Separator class="ui-menu-line" />}>
          {(known) => (
            <DropdownMenu.Item
              class="ui-menu-item"
              data-danger={known().danger ? '' : undefined}
              disabled={known().disabled ?? false}
              onSelect={() => known().onSelect()}
            >
              <Show when={known().icon} keyed>
                {(Icon) => <Icon size={18} />}
              </Show>
              <span>{known().label}</span>
              <Show when={known().keys}>
                <kbd>{known().keys}</kbd>
              </Show>
            </DropdownMenu.Item>
          )}
        </Show>
      )}
    </For>
  );
}

/** A button with an icon that opens a menu below it. */
export function Menu(props: { readonly label: string; readonly icon: JSX.Element; readonly items: MenuItems }): JSX.Element {
  return (
    <DropdownMenu placement="bottom-end" gutter={4} modal={false}>
      <DropdownMenu.Trigger as={IconButton} label={props.label}>
        {props.icon}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="ui-menu">
          <Items items={props.items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width?: number;
  readonly height?: number;
}

export interface ContextMenuProps {
  /** Where it opens; undefined: closed. A place with width and height (a message's box) is never covered where there is room. */
  readonly at: Place | undefined;
  readonly label: string;
  readonly items: MenuItems;
  /** Above the items: the reactions of a message. */
  readonly header?: JSX.Element;
  readonly onClose: () => void;
  /** Where the focus goes afterwards; default: where it was. */
  readonly onFocusBack?: () => void;
}

/** An item of free shape in a menu's header. */
export function MenuTile(props: {
  readonly label: string;
  readonly checked?: boolean;
  readonly onSelect: () => void;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <DropdownMenu.Item
      class="ui-menu-tile"
      aria-label={props.label}
      data-checked={props.checked ? '' : undefined}
      onSelect={() => props.onSelect()}
    >
      {props.children}
    </DropdownMenu.Item>
  );
}

/** One per list, not one per row: it gets the place and the items of the row that asked. */
export function ContextMenu(props: ContextMenuProps): JSX.Element {
  const rect = () => ({ width: 0, height: 0, ...(props.at ?? { x: 0, y: 0 }) });
  return (
    <DropdownMenu
      open={props.at !== undefined}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
      getAnchorRect={rect}
      placement="bottom-start"
      gutter={props.at?.height ? 6 : 0}
      modal={false}
    >
      <DropdownMenu.Portal>
        {/* Whoever clicks beside a menu wants it closed, and nothing else. */}
        <div class="ui-menu-shield" onContextMenu={(event) => event.preventDefault()} />
        <DropdownMenu.Content
          class="ui-menu"
          aria-label={props.label}
          onCloseAutoFocus={(event) => {
            if (!props.onFocusBack) return;
            event.preventDefault();
            props.onFocusBack();
          }}
        >
          <Show when={props.header}>
            <div class="ui-menu-header" role="group">
              {props.header}
            </div>
          </Show>
          <Items items={props.items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
