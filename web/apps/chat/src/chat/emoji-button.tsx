// Opens the emoji picker beside the field. The picker and its data come when asked for.
import { SmileIcon, Spinner } from '@magpie/ui';
import { Popover } from '@magpie/ui/popover';
import { createSignal, lazy, Suspense, type JSX } from 'solid-js';
import { t } from './text';

const EmojiPicker = lazy(() => import('./emoji-picker'));

export default function EmojiButton(props: { readonly onPick: (emoji: string) => void; readonly onClose: () => void }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <Popover
      label={t('emoji')}
      icon={<SmileIcon size={22} />}
      open={open()}
      placement="top-end"
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) props.onClose();
      }}
    >
      <Suspense fallback={<Spinner />}>
        <EmojiPicker onPick={props.onPick} />
      </Suspense>
    </Popover>
  );
}
