// Facts of a card: address, the name they gave themselves, one's own name for them, tags.
import type { Jid } from '@magpie/client';
import { CopyIcon, EditIcon, IconButton, languageOf, ListRow } from '@magpie/ui';
import { createSignal, Show, type JSX } from 'solid-js';
import { copyText } from './action';
import { RemarkDialog, TagsDialog } from './edit-dialogs';
import type { Person } from './person';
import { t } from './text';

export function CardFacts(props: { readonly jid: Jid; readonly person: Person }): JSX.Element {
  const [editing, setEditing] = createSignal<'remark' | 'tags'>();
  const close = () => setEditing(undefined);
  const contact = () => props.person.contact();
  /** Shown only where the remark hides it. */
  const nickname = () => (contact()?.remark ? props.person.profile().nickname : null);
  return (
    <div class="people-card">
      <ListRow
        title={props.jid}
        text={t('address')}
        wrap
        end={
          <IconButton label={t('copy')} onClick={() => void copyText(props.jid, t('copied'))}>
            <CopyIcon />
          </IconButton>
        }
      />
      <Show when={nickname()}>
        {(name) => <ListRow title={<span lang={languageOf(name())}>{name()}</span>} text={t('nickname')} />}
      </Show>
      <Show when={props.person.profile().email}>{(email) => <ListRow title={email()} text={t('email')} />}</Show>
      <Show when={contact()}>
        {(known) => (
          <>
            <ListRow
              title={<Show when={known().remark} fallback={<span class="profile-none">{t('noRemark')}</span>}>{known().remark}</Show>}
              text={t('remark')}
              end={<EditIcon size={18} />}
              onClick={() => setEditing('remark')}
            />
            <ListRow
              title={
                <Show when={known().tags.length} fallback={<span class="profile-none">{t('noTags')}</span>}>
                  {known().tags.join('、')}
                </Show>
              }
              text={t('tags')}
              end={<EditIcon size={18} />}
              onClick={() => setEditing('tags')}
            />
            <RemarkDialog contact={known()} open={editing() === 'remark'} onClose={close} />
            <TagsDialog contact={known()} open={editing() === 'tags'} onClose={close} />
          </>
        )}
      </Show>
    </div>
  );
}
