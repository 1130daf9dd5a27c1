// What one can do with a message: the same verbs in the same order in the menu, the hover bar and the selection.
import type { Message } from '@magpie/client';
import {
  CopyIcon,
  EditIcon,
  ForwardIcon,
  RecallIcon,
  RefreshIcon,
  ReplyIcon,
  SelectIcon,
  toast,
  TrashIcon,
} from '@magpie/ui';
import type { MenuItem, MenuItems } from '@magpie/ui/menu';
import { clock } from '@magpie/ui/time';
import { report, type Chat } from './state';
import { summary } from './summary';
import { t } from './text';

export const quickReactions = ['👍', '❤️', '😂', '😮', '😢', '🎉'] as const;

export const isSent = (message: Message): boolean => !['uploading', 'sending', 'failed'].includes(message.state);
export const canReply = (message: Message): boolean => !message.recalled && !message.encrypted && isSent(message);
export const canEdit = (message: Message): boolean => message.mine && canReply(message) && !message.files.length;

export function react(chat: Chat, message: Message, emoji: string): void {
  const mine = message.reactions.filter((reaction) => reaction.mine).map((reaction) => reaction.emoji);
  const next = mine.includes(emoji) ? mine.filter((one) => one !== emoji) : [...mine, emoji];
  report(chat.client.messages.react(chat.jid, message.id, next));
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copied'));
  } catch {
    toast(t('copyFailed'), { kind: 'danger' });
  }
}

/** One as it is; several with name and time. */
export function copyMessages(chat: Chat, ids: readonly string[]): void {
  const chosen = chat.messages().filter((message) => ids.includes(message.id));
  const [only] = chosen;
  if (!only) return;
  const line = (message: Message) => `${chat.nameOf(message.author)} ${clock(message.time)}\n${message.body || summary(message)}`;
  void copy(chosen.length === 1 ? only.body || only.files[0]?.url || '' : chosen.map(line).join('\n\n'));
}

/** The menu of one message; `undefined` is a line. */
export function verbs(chat: Chat, message: Message): MenuItems {
  const messages = chat.client.messages;
  const when = (condition: boolean, item: MenuItem): MenuItem[] => (condition ? [item] : []);
  const failed = message.state === 'failed';
  const first = [
    ...when(failed, { label: t('retry'), icon: RefreshIcon, onSelect: () => report(messages.retry(chat.jid, message.id)) }),
    ...when(canReply(message), { label: t('reply'), icon: ReplyIcon, onSelect: () => chat.reply(message) }),
    ...when(canEdit(message), { label: t('edit'), icon: EditIcon, keys: '↑', onSelect: () => chat.edit(message) }),
    ...when(!!message.body && !message.recalled, {
      label: t('copy'),
      icon: CopyIcon,
      onSelect: () => copyMessages(chat, [message.id]),
    }),
    ...when(!message.body && !!message.files[0]?.url, {
      label: t('copyLink'),
      icon: CopyIcon,
      onSelect: () => copyMessages(chat, [message.id]),
    }),
    ...when(canReply(message), { label: t('forward'), icon: ForwardIcon, onSelect: () => chat.setForwarding([message.id]) }),
    { label: t('select'), icon: SelectIcon, onSelect: () => chat.setSelection(new Set([message.id])) },
  ];
  const last = [
    ...when(message.mine && !message.recalled && isSent(message), {
      label: t('recall'),
      icon: RecallIcon,
      danger: true,
      onSelect: () => chat.setAsking({ what: 'recall', ids: [message.id] }),
    }),
    {
      label: t('delete'),
      icon: TrashIcon,
      danger: true,
      onSelect: () => chat.setAsking({ what: 'delete', ids: [message.id] }),
    },
  ];
  return [...first, undefined, ...last];
}
