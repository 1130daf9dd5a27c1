// How far an upload is, around the button that cancels it.
import type { Message } from '@magpie/client';
import { CloseIcon } from '@magpie/ui';
import type { JSX } from 'solid-js';
import { fromChosen } from '../state/signal';
import { report, useChat } from './state';
import { t } from './text';

const radius = 20;
const around = 2 * Math.PI * radius;

export function UploadRing(props: { readonly message: Message }): JSX.Element {
  const chat = useChat();
  const progress = fromChosen(() => chat.client.messages.progress(props.message.id));
  const part = () => {
    const now = progress();
    return now?.total ? Math.min(1, now.sent / now.total) : 0;
  };
  return (
    <button
      type="button"
      class="upload-ring"
      aria-label={`${t('cancelUpload')}, ${Math.round(part() * 100)}%`}
      title={t('cancelUpload')}
      onClick={(event) => {
        event.stopPropagation();
        report(chat.client.messages.cancel(chat.jid, props.message.id));
      }}
    >
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
        <circle cx="24" cy="24" r={radius} />
        <circle
          class="upload-ring-part"
          cx="24"
          cy="24"
          r={radius}
          stroke-dasharray={`${around}`}
          stroke-dashoffset={`${around * (1 - Math.max(0.04, part()))}`}
        />
      </svg>
      <CloseIcon size={20} />
    </button>
  );
}
