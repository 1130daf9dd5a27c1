// A bubble: what it forwards or answers, its files, its text, reactions, and time and state inside the last line.
import type { Message } from '@magpie/client';
import { LockIcon } from '@magpie/ui';
import { createMemo, Match, Show, Switch, type JSX } from 'solid-js';
import { Attachment } from './attachment';
import { Meta } from './meta';
import { Reactions } from './reactions';
import { ReplyQuote } from './reply-quote';
import { RichText } from './rich-text';
import { actionOf, countEmoji } from './rules/words';
import { useChat } from './state';
import { fileKind } from './summary';
import { t } from './text';
import './bubble.css';

export function Bubble(props: { readonly message: Message }): JSX.Element {
  const chat = useChat();
  const message = () => props.message;
  const file = () => message().files[0];
  const emoji = createMemo(() => (message().files.length || message().reply ? 0 : countEmoji(message().body)));
  const action = createMemo(() => actionOf(message().body));
  const picture = () => {
    const known = file();
    return known !== undefined && ['image', 'video'].includes(fileKind(known));
  };
  /** A picture without a caption carries time and state on itself. */
  const bare = () => picture() && !message().body && !message().reactions.length;
  return (
    <div
      class="bubble"
      data-mine={message().mine ? '' : undefined}
      data-picture={picture() ? '' : undefined}
      data-bare={bare() ? '' : undefined}
      data-emoji={emoji() || undefined}
      data-failed={message().state === 'failed' ? '' : undefined}
    >
      <Show when={message().forwarded}>
        {(from) => (
          <p class="bubble-from ui-truncate">
            <bdi>{t('forwardedFrom', chat.nameOf(from().name))}</bdi>
          </p>
        )}
      </Show>
      <Show when={message().reply}>{(reply) => <ReplyQuote reply={reply()} />}</Show>
      <Show when={file()}>{(known) => <Attachment message={message()} file={known()} />}</Show>
      <Switch>
        <Match when={message().encrypted}>
          <p class="bubble-text bubble-encrypted">
            <LockIcon size={16} /> {t('encrypted')} <Meta message={message()} />
          </p>
        </Match>
        <Match when={message().body || !bare()}>
          <div class="bubble-text" data-action={action() ? '' : undefined}>
            <Show when={message().body}>
              <Show when={action()} fallback={<RichText text={message().body} />}>
                {(does) => (
                  <em>
                    <bdi>{chat.nameOf(message().author)}</bdi> <RichText text={does()} />
                  </em>
                )}
              </Show>
            </Show>
            <Show when={!message().reactions.length}>
              <Meta message={message()} />
            </Show>
          </div>
        </Match>
      </Switch>
      <Show when={bare()}>
        <Meta message={message()} />
      </Show>
      <Show when={message().reactions.length}>
        <div class="bubble-foot">
          <Reactions message={message()} />
          <Meta message={message()} />
        </div>
      </Show>
    </div>
  );
}
