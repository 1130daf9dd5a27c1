// What one can do about somebody: mute and pin their talk, block, remove.
import type { Jid } from '@magpie/client';
import { BlockIcon, ListRow, MuteIcon, PinIcon, Switch, toast, TrashIcon } from '@magpie/ui';
import { Confirm } from '@magpie/ui/dialog';
import { createSignal, Show, type JSX } from 'solid-js';
import { useClient, useClientStore } from '../state/client';
import { tell } from './action';
import type { Person } from './person';
import { t } from './text';

export function CardActions(props: { readonly jid: Jid; readonly person: Person }): JSX.Element {
  const client = useClient();
  const features = useClientStore((known) => known.connection.features);
  const [asking, setAsking] = createSignal<'block' | 'remove'>();
  const close = () => setAsking(undefined);
  const name = () => props.person.name();
  const unblock = () => client.contacts.unblock(props.jid).then(() => toast(t('unblocked', name())), tell);
  const remove = () => client.contacts.remove(props.jid).then(() => toast(t('removed', name())), tell);
  return (
    <>
      <Show when={props.person.conversation()}>
        {(talk) => (
          <div class="people-card">
            <ListRow
              as="label"
              title={t('mute')}
              start={<MuteIcon />}
              end={
                <Switch
                  checked={talk().muted}
                  onChange={(on) => void client.conversations.setMuted(props.jid, on).catch(tell)}
                />
              }
            />
            <ListRow
              as="label"
              title={t('pin')}
              start={<PinIcon />}
              end={
                <Switch
                  checked={talk().pinned}
                  onChange={(on) => void client.conversations.setPinned(props.jid, on).catch(tell)}
                />
              }
            />
          </div>
        )}
      </Show>
      <div class="people-card">
        <Show when={features().blocking}>
          <Show
            when={props.person.blocked()}
            fallback={<ListRow danger title={t('block')} start={<BlockIcon />} onClick={() => setAsking('block')} />}
          >
            <ListRow title={t('unblock')} start={<BlockIcon />} onClick={() => void unblock()} />
          </Show>
        </Show>
        <Show when={props.person.contact()}>
          <ListRow danger title={t('remove')} start={<TrashIcon />} onClick={() => setAsking('remove')} />
        </Show>
      </div>
      <Confirm
        open={asking() === 'block'}
        onClose={close}
        title={t('blockTitle', name())}
        text={t('blockText')}
        action={t('block')}
        danger
        onConfirm={() => client.contacts.block(props.jid).catch(tell)}
      />
      <Confirm
        open={asking() === 'remove'}
        onClose={close}
        title={t('removeTitle', name())}
        text={t('removeText')}
        action={t('remove')}
        danger
        onConfirm={() => remove()}
      />
    </>
  );
}
