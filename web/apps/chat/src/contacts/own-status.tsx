// Whether one is online, away or busy, with a few words of one's own.
import { Banner, Button, Field, Segmented, toast } from '@magpie/ui';
import { createEffect, createSignal, on, Show, type JSX } from 'solid-js';
import { useClient, useClientStore } from '../state/client';
import { createAction, guardComposition } from './action';
import { t } from './text';

const statuses = [
  ['online', 'beOnline'],
  ['away', 'beAway'],
  ['busy', 'beBusy'],
] as const;

export function OwnStatus(): JSX.Element {
  const client = useClient();
  const own = useClientStore((known) => known.presence.own);
  const action = createAction();
  const [text, setText] = createSignal('');
  // What was typed before it came, or while another device changed it, stays.
  createEffect(on(own, (known, before) => void (text() === (before?.text ?? '') && setText(known.text))));
  const set = (status: 'online' | 'away' | 'busy', words: string) =>
    void action.run(async () => {
      await client.presence.set(status, words.trim());
      toast(t('statusSaved'));
    });
  return (
    <form
      class="people-card people-form"
      onKeyDown={guardComposition}
      onSubmit={(event) => {
        event.preventDefault();
        set(own().status, text());
      }}
    >
      <h2 class="own-heading">{t('status')}</h2>
      <Segmented
        label={t('status')}
        value={own().status}
        options={statuses.map(([value, words]) => ({ value, label: t(words) }))}
        onChange={(status) => set(status, text())}
      />
      <Field label={t('statusText')} hint={t('statusHint')} maxlength={100} autocomplete="off" value={text()} onValue={setText} />
      <Show when={action.error()}>{(error) => <Banner kind="danger">{error()}</Banner>}</Show>
      <Show when={text().trim() !== own().text}>
        <div class="people-actions">
          <Button kind="primary" type="submit" busy={action.busy()}>
            {t('save')}
          </Button>
        </div>
      </Show>
    </form>
  );
}
