// A message in one line: for reply strips, screen readers, and what is copied.
import type { Message, MessageFile } from '@magpie/client';
import { t } from './text';

export type FileKind = 'image' | 'video' | 'audio' | 'file';

const drawable = /^image\/(jpeg|png|gif|webp|avif|bmp)$/i;

/** What the app does with a file: draws it, plays it, or only offers it. SVG is only offered. */
export function fileKind(file: Pick<MessageFile, 'type'>): FileKind {
  if (drawable.test(file.type)) return 'image';
  if (/^video\/(mp4|webm|ogg|quicktime|x-m4v)$/i.test(file.type)) return 'video';
  return /^audio\//i.test(file.type) ? 'audio' : 'file';
}

const words = { image: 'photo', video: 'video', audio: 'audio' } as const;

export function fileWord(file: MessageFile): string {
  const kind = fileKind(file);
  return kind === 'file' ? file.name || t('file') : `[${t(words[kind])}]`;
}

export function summary(message: Message): string {
  if (message.recalled) return t('recalledShort');
  if (message.encrypted) return t('encrypted');
  return [...message.files.map(fileWord), message.body].filter(Boolean).join(' ').replace(/\s+/g, ' ');
}
