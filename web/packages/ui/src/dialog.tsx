// A modal dialog with title, content and actions; on phones it rises from the bottom. `Confirm` asks one question.
import { Dialog as Base } from '@kobalte/core/dialog';
import { createSignal, Show, type JSX } from 'solid-js';
import { Button, IconButton } from './button';
import { CloseIcon } from './icons';
import { uiText } from './ui-text';
import './dialog.css';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children?: JSX.Element;
  /** Buttons at the bottom, the main one last. */
  readonly actions?: JSX.Element;
  /** `large` for pickers and lists; `palette` has no head and hangs from the top. */
  readonly size?: 'normal' | 'large' | 'palette';
}

export function Dialog(props: DialogProps): JSX.Element {
  let content: HTMLDivElement | undefined;
  // The field that asks for it gets the focus, else the dialog itself: never the close button.
  const focus = (event: Event) => {
    event.preventDefault();
    (content?.querySelector<HTMLElement>('[autofocus]') ?? content)?.focus();
  };
  return (
    <Base
      open={props.open}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Base.Portal>
        <Base.Overlay class="ui-overlay" />
        <div class="ui-dialog-place" data-size={props.size}>
          <Base.Content ref={content} class="ui-dialog" data-size={props.size ?? 'normal'} onOpenAutoFocus={focus}>
            <header>
              <Base.Title class="ui-dialog-title">{props.title}</Base.Title>
              <IconButton label={uiText('close')} onClick={() => props.onClose()}>
                <CloseIcon />
              </IconButton>
            </header>
            <div class="ui-dialog-body">{props.children}</div>
            <Show when={props.actions}>
              <footer>{props.actions}</footer>
            </Show>
          </Base.Content>
        </div>
      </Base.Portal>
    </Base>
  );
}

export interface ConfirmProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text: JSX.Element;
  readonly action: string;
  readonly danger?: boolean;
  /** The dialog closes when the promise resolves; it stays (and is busy) until then. A rejection must be shown by the caller. */
  readonly onConfirm: () => void | Promise<void>;
}

export function Confirm(props: ConfirmProps): JSX.Element {
  const [busy, setBusy] = createSignal(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await props.onConfirm();
      props.onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      actions={
        <>
          <Button onClick={() => props.onClose()}>{uiText('cancel')}</Button>
          <Button kind={props.danger ? 'danger' : 'primary'} busy={busy()} onClick={() => void confirm()}>
            {props.action}
          </Button>
        </>
      }
    >
      <p class="ui-dialog-text">{props.text}</p>
    </Dialog>
  );
}
