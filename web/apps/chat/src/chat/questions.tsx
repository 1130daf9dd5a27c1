// Asked before something is taken back, deleted, or opened in another program.
import { Confirm } from '@magpie/ui/dialog';
import { toast } from '@magpie/ui';
import type { JSX } from 'solid-js';
import { errorText } from '../errors';
import { useChat } from './state';
import { t } from './text';

export default function Questions(props: { readonly odd: string | undefined; readonly onOdd: (href: undefined) => void }): JSX.Element {
  const chat = useChat();
  const asking = () => chat.asking();
  const each = async (run: (id: string) => Promise<void>) => {
    try {
      for (const id of asking()?.ids ?? []) await run(id);
      chat.setSelection(undefined);
    } catch (error) {
      toast(errorText(error), { kind: 'danger' });
    }
  };
  const close = () => chat.setAsking(undefined);
  return (
    <>
      <Confirm
        open={asking()?.what === 'recall'}
        onClose={close}
        title={t('recallTitle')}
        text={t('recallText')}
        action={t('recall')}
        danger
        onConfirm={() => each((id) => chat.client.messages.recall(chat.jid, id))}
      />
      <Confirm
        open={asking()?.what === 'delete'}
        onClose={close}
        title={t('deleteTitle', asking()?.ids.length ?? 1)}
        text={t('deleteText')}
        action={t('delete')}
        danger
        onConfirm={() => each((id) => chat.client.messages.remove(chat.jid, id))}
      />
      <Confirm
        open={props.odd !== undefined}
        onClose={() => props.onOdd(undefined)}
        title={t('oddTitle')}
        text={
          <>
            {t('oddText')}
            <br />
            <bdi class="odd-address">{props.odd}</bdi>
          </>
        }
        action={t('open')}
        onConfirm={() => {
          if (props.odd) window.open(props.odd, '_blank', 'noopener,noreferrer');
        }}
      />
    </>
  );
}
