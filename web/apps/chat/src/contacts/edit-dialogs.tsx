// One's own name and tags for somebody.
import type { Contact } from '@magpie/client';
import { Banner, Button, Field } from '@magpie/ui';
import { Dialog } from '@magpie/ui/dialog';
import { createEffect, createSignal, For, on, Show, type JSX } from 'solid-js';
import { useClient, useClientStore } from '../state/client';
import { createAction, guardComposition } from './action';
import { localPart } from './person';
import { splitTags, toggleTag } from './tags';
import { t } from './text';

interface EditProps {
  readonly contact: Contact;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** A dialog of one field that begins anew each time it opens. */
function EditDialog(
  props: EditProps & {
    readonly title: string;
    readonly label: string;
    readonly hint: string;
    readonly begin: () => string;
    readonly placeholder?: string;
    readonly save: (text: string) => Promise<void>;
    readonly more?: (text: string, setText: (text: string) => void) => JSX.Element;
  },
): JSX.Element {
  const action = createAction();
  const [text, setText] = createSignal('');
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setText(props.begin());
        action.clear();
      },
    ),
  );
  const submit = (event: Event) => {
    event.preventDefault();
    void action.run(async () => {
      await props.save(text());
      props.onClose();
    });
  };
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      actions={
        <Button kind="primary" type="submit" form="contact-edit" busy={action.busy()}>
          {t('save')}
        </Button>
      }
    >
      <form id="contact-edit" class="people-form" onSubmit={submit} onKeyDown={guardComposition}>
        <Field
          label={props.label}
          hint={props.hint}
          placeholder={props.placeholder}
          autofocus
          autocomplete="off"
          maxlength={200}
          value={text()}
          onValue={setText}
        />
        {props.more?.(text(), setText)}
        <Show when={action.error()}>{(error) => <Banner kind="danger">{error()}</Banner>}</Show>
      </form>
    </Dialog>
  );
}

export function RemarkDialog(props: EditProps): JSX.Element {
  const client = useClient();
  const nickname = () => client.profiles.of(props.contact.jid).get().nickname ?? localPart(props.contact.jid);
  return (
    <EditDialog
      {...props}
      title={t('editRemark')}
      label={t('remark')}
      hint={t('remarkHint')}
      placeholder={nickname()}
      begin={() => props.contact.remark ?? ''}
      save={(text) => client.contacts.setRemark(props.contact.jid, text.trim() || null)}
    />
  );
}

export function TagsDialog(props: EditProps): JSX.Element {
  const client = useClient();
  const known = useClientStore((all) => all.contacts.tags);
  const chips = (text: string, setText: (text: string) => void) => (
    <Show when={known().length}>
      <div class="people-tags" role="group" aria-label={t('tagsKnown')}>
        <For each={known()}>
          {(tag) => (
            <button
              type="button"
              class="people-tag"
              aria-pressed={splitTags(text).includes(tag)}
              onClick={() => setText(toggleTag(text, tag))}
            >
              {tag}
            </button>
          )}
        </For>
      </div>
    </Show>
  );
  return (
    <EditDialog
      {...props}
      title={t('editTags')}
      label={t('tagsField')}
      hint={t('tagsHint')}
      begin={() => props.contact.tags.join(', ')}
      save={(text) => client.contacts.setTags(props.contact.jid, splitTags(text))}
      more={chips}
    />
  );
}
