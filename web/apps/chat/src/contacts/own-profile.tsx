// The body of Settings → Profile: picture, nickname, a few words, status, address.
import { Avatar, Banner, Button, CopyIcon, Field, IconButton, ListRow, QrIcon, RightIcon, TextArea, toast } from '@magpie/ui';
import { createEffect, createSignal, on, Show, type JSX } from 'solid-js';
import { href } from '../router';
import { useClient, useClientStore } from '../state/client';
import { copyText, createAction, guardComposition, tell } from './action';
import { CropDialog } from './crop-dialog';
import { OwnStatus } from './own-status';
import { localPart } from './person';
import { t } from './text';
import './contacts.css';

function Photo(props: { readonly name: string; readonly jid: string }): JSX.Element {
  const client = useClient();
  const own = useClientStore((known) => known.profiles.own);
  const [picture, setPicture] = createSignal<ImageBitmap>();
  let input: HTMLInputElement | undefined;
  const choose = async (file: File | undefined) => {
    if (!file) return;
    // Same file again must count as a change.
    if (input) input.value = '';
    await createImageBitmap(file).then(setPicture, () => toast(t('photoFailed'), { kind: 'danger' }));
  };
  const save = async (cropped: Blob) => {
    await client.profiles.setAvatar(cropped);
    toast(t('photoSaved'));
  };
  const remove = () => client.profiles.setAvatar(null).then(() => toast(t('photoRemoved')), tell);
  return (
    <div class="people-card own-photo">
      <Avatar name={props.name} seed={props.jid} picture={own().avatar?.blob} size={96} />
      <div class="people-actions">
        <Button onClick={() => input?.click()}>{t('choosePhoto')}</Button>
        <Show when={own().avatar}>
          <Button kind="quiet" onClick={() => void remove()}>
            {t('removePhoto')}
          </Button>
        </Show>
      </div>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={t('choosePhoto')}
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
      />
      <Show when={picture()} keyed>
        {(chosen) => <CropDialog picture={chosen} onDone={save} onClose={() => setPicture(undefined)} />}
      </Show>
    </div>
  );
}

function Words(): JSX.Element {
  const client = useClient();
  const own = useClientStore((known) => known.profiles.own);
  const action = createAction();
  const [nickname, setNickname] = createSignal('');
  const [about, setAbout] = createSignal('');
  // Another device may have changed it, or it has only come now: what was typed meanwhile stays.
  createEffect(
    on(own, (known, before) => {
      if (nickname() === (before?.nickname ?? '')) setNickname(known.nickname ?? '');
      if (about() === (before?.about ?? '')) setAbout(known.about ?? '');
    }),
  );
  const changed = () => nickname().trim() !== (own().nickname ?? '') || about().trim() !== (own().about ?? '');
  const save = (event: Event) => {
    event.preventDefault();
    const [name, words] = [nickname().trim(), about().trim()];
    void action.run(async () => {
      if (name !== (own().nickname ?? '')) await client.profiles.setNickname(name);
      if (words !== (own().about ?? '')) await client.profiles.setAbout(words);
      toast(t('saved'));
    });
  };
  return (
    <form class="people-card people-form" onSubmit={save} onKeyDown={guardComposition}>
      <Field
        label={t('ownNickname')}
        hint={t('nicknameHint')}
        autocomplete="nickname"
        maxlength={60}
        value={nickname()}
        onValue={setNickname}
      />
      <TextArea label={t('about')} hint={t('aboutHint')} maxlength={300} rows={2} value={about()} onValue={setAbout} />
      <Show when={action.error()}>{(error) => <Banner kind="danger">{error()}</Banner>}</Show>
      <div class="people-actions">
        <Button kind="primary" type="submit" disabled={!changed()} busy={action.busy()}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}

export function OwnProfile(): JSX.Element {
  const account = useClientStore((client) => client.connection.account);
  const own = useClientStore((client) => client.profiles.own);
  const jid = () => account()?.jid ?? '';
  return (
    <div class="own">
      <Photo name={own().nickname ?? localPart(jid())} jid={jid()} />
      <Words />
      <OwnStatus />
      <div class="people-card">
        <ListRow
          title={jid()}
          text={t('yourAddress')}
          wrap
          end={
            <IconButton label={t('copy')} onClick={() => void copyText(jid(), t('copied'))}>
              <CopyIcon />
            </IconButton>
          }
        />
        <ListRow
          href={href({ tab: 'contacts', jid: null, view: 'invite' })}
          title={t('myCode')}
          text={t('myCodeText')}
          start={<QrIcon />}
          end={<RightIcon size={16} />}
        />
      </div>
    </div>
  );
}
