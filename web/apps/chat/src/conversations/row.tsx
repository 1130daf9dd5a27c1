// One conversation in the list: picture with presence, name, time, preview, and one glyph for each thing to know. Its height never changes.
import type { Conversation, MessageState } from '@magpie/client';
import {
  AlertIcon,
  Avatar,
  Badge,
  CheckIcon,
  ClockIcon,
  DoubleCheckIcon,
  FileIcon,
  ImageIcon,
  languageOf,
  listTime,
  MicIcon,
  MuteIcon,
  PersonName,
  PinIcon,
  VideoIcon,
  type IconComponent,
} from '@magpie/ui';
import { Dynamic } from '@magpie/ui/dom';
import { Show, type JSX } from 'solid-js';
import { href, toChat } from '../router';
import { useClient } from '../state/client';
import { preferences } from '../state/preferences';
import { fromChosen } from '../state/signal';
import { previewLine } from './preview-line';
import { t } from './text';
import './row.css';

const stateIcons: Record<MessageState, IconComponent> = {
  uploading: ClockIcon,
  sending: ClockIcon,
  sent: CheckIcon,
  delivered: DoubleCheckIcon,
  read: DoubleCheckIcon,
  failed: AlertIcon,
};
const stateWords = {
  uploading: 'stateUploading',
  sending: 'stateSending',
  sent: 'stateSent',
  delivered: 'stateDelivered',
  read: 'stateRead',
  failed: 'stateFailed',
} as const satisfies Record<MessageState, string>;
const mediaIcons = { image: ImageIcon, video: VideoIcon, audio: MicIcon, file: FileIcon } as const;

/** For eyes a glyph, for ears a word. */
function Glyph(props: { readonly icon: IconComponent; readonly label: string; readonly kind: string }): JSX.Element {
  return (
    <span class="chat-row-glyph" data-kind={props.kind}>
      <Dynamic component={props.icon} size={16} />
      <span class="ui-visually-hidden">{props.label}</span>
    </span>
  );
}

function PreviewText(props: { readonly row: Conversation; readonly open: boolean }): JSX.Element {
  const line = () => previewLine(props.row, props.open);
  const state = () => (line().kind === 'message' && props.row.last?.mine ? props.row.last.state : undefined);
  return (
    <span class="chat-row-preview" data-kind={line().kind}>
      <Show when={state()}>
        {(known) => <Glyph icon={stateIcons[known()]} label={t(stateWords[known()])} kind={known()} />}
      </Show>
      <Show when={line().media}>{(media) => <Dynamic component={mediaIcons[media()]} size={16} class="chat-row-media" />}</Show>
      <span class="ui-truncate" lang={languageOf(line().text)}>
        <Show when={line().lead}>
          <span class="chat-row-lead">{line().lead} </span>
        </Show>
        {line().text}
      </span>
    </span>
  );
}

export interface ConversationRowProps {
  readonly row: Conversation;
  readonly selected: boolean;
  readonly tabbable: boolean;
}

export function ConversationRow(props: ConversationRowProps): JSX.Element {
  const client = useClient();
  const profile = fromChosen(() => client.profiles.of(props.row.jid));
  const presence = fromChosen(() => client.presence.of(props.row.jid));
  const unread = () => props.row.unread > 0 || props.row.marked;
  return (
    <a
      class="chat-row"
      href={href(toChat(props.row.jid))}
      data-jid={props.row.jid}
      data-unread={unread() ? '' : undefined}
      aria-current={props.selected ? 'page' : undefined}
      tabindex={props.tabbable ? 0 : -1}
      draggable={false}
    >
      <Avatar
        name={props.row.name}
        seed={props.row.jid}
        picture={profile().avatar?.blob}
        size={preferences.density === 'compact' ? 32 : 44}
        presence={presence().status === 'away' ? undefined : presence().status}
      />
      <span class="chat-row-main">
        <span class="chat-row-top">
          <PersonName name={props.row.name} class="chat-row-name ui-truncate" />
          <Show when={props.row.muted}>
            <Glyph icon={MuteIcon} label={t('muted')} kind="muted" />
          </Show>
          <Show when={props.row.last}>
            <time class="chat-row-time" dateTime={new Date(props.row.time).toISOString()}>
              {listTime(props.row.time)}
            </time>
          </Show>
        </span>
        <span class="chat-row-bottom">
          <PreviewText row={props.row} open={props.selected} />
          <Show when={props.row.pinned}>
            <Glyph icon={PinIcon} label={t('pinned')} kind="pinned" />
          </Show>
          <Show when={unread()}>
            <Badge count={props.row.unread} quiet={props.row.muted} />
            <Show when={!props.row.unread}>
              <span class="ui-visually-hidden">{t('markedUnread')}</span>
            </Show>
          </Show>
        </span>
      </span>
    </a>
  );
}
