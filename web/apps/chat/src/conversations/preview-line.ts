// What the second line of a conversation's row says: typing, else a draft, else the newest message. One rule, no markup.
import type { Conversation, Preview } from '@magpie/client';
import { t } from './text';

export interface PreviewLine {
  readonly kind: 'typing' | 'draft' | 'message' | 'none';
  /** Stands before the text in its own colour. */
  readonly lead: string;
  readonly text: string;
  /** Glyph of what the message is. */
  readonly media: 'image' | 'video' | 'audio' | 'file' | null;
}

const line = (kind: PreviewLine['kind'], text: string, lead = '', media: PreviewLine['media'] = null): PreviewLine => ({
  kind,
  lead,
  text,
  media,
});
/** Several lines and runs of blanks become one line. */
const flat = (text: string) => text.replace(/\s+/gu, ' ').trim();

/** A draft of the open conversation is in front of one's eyes: there the list shows the message. */
export function previewLine(conversation: Conversation, open = false): PreviewLine {
  if (conversation.typing) return line('typing', t('typing'));
  const draft = flat(conversation.draft);
  if (draft && !open) return line('draft', draft, t('draft'));
  return conversation.last ? lastLine(conversation.last) : line('none', t('noMessages'));
}

function lastLine(last: Preview): PreviewLine {
  const text = flat(last.text);
  switch (last.kind) {
    case 'text':
      return line('message', text);
    case 'recalled':
      return line('message', t(last.mine ? 'recalledMine' : 'recalledOther'));
    case 'encrypted':
      return line('message', t('encrypted'));
    case 'file':
      return line('message', text || t('file'), '', 'file');
    default:
      return line('message', isFileName(text) ? t(last.kind) : text, '', last.kind);
  }
}

/** Names of pictures say nothing to people; captions do. */
const isFileName = (text: string) => text === '' || /^\S+\.[a-z\d]{2,5}$/iu.test(text);
