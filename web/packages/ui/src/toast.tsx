// Short notices at the bottom that go by themselves; they wait while the pointer or focus is on them.
import { createSignal, For, Show, type JSX } from 'solid-js';
import { Button } from './button';
import { uiText } from './ui-text';
import './toast.css';

export interface ToastOptions {
  readonly kind?: 'info' | 'danger';
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface Shown extends ToastOptions {
  readonly text: string;
}

const shownMs = 5000;
const [toasts, setToasts] = createSignal<readonly Shown[]>([]);
const drop = (gone: Shown) => setToasts((all) => all.filter((one) => one !== gone));

/** Says something that needs no answer. The same text is never there twice. */
export function toast(text: string, options: ToastOptions = {}): void {
  setToasts((all) => [...all.filter((one) => one.text !== text), { ...options, text }].slice(-3));
}

function Toast(props: { readonly shown: Shown }): JSX.Element {
  let timer = setTimeout(() => drop(props.shown), shownMs);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => drop(props.shown), shownMs);
  };
  return (
    <div
      class="ui-toast"
      data-kind={props.shown.kind ?? 'info'}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      <span>{props.shown.text}</span>
      <Show when={props.shown.action}>
        {(action) => (
          <Button
            kind="quiet"
            onClick={() => {
              action().run();
              drop(props.shown);
            }}
          >
            {action().label}
          </Button>
        )}
      </Show>
    </div>
  );
}

/** Once, in the app's root. */
export function ToastRegion(): JSX.Element {
  return (
    <section class="ui-toasts" aria-label={uiText('notifications')} aria-live="polite">
      <For each={toasts()}>{(shown) => <Toast shown={shown} />}</For>
    </section>
  );
}
