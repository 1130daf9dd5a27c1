// Reading vCards (0054): what an app shows of them, with pictures that are what they claim to be.
import { ClientError, type Jid } from '../api/base';
import type { Avatar, Profile } from '../api/contacts';
import { digest, fromBase64, toHex, utf8, type Bytes } from '../base/bytes';
import type { Core } from '../state/core';
import { x, type Element } from '../xml/element';

const VCARD = 'vcard-temp';
/** Bytes of an avatar that are taken. */
export const LARGEST = 512 * 1024;

export async function fetchProfile(core: Core, jid: Jid): Promise<{ card: Element; profile: Profile }> {
  const card = await fetchCard(core, jid === core.me ? undefined : jid);
  return { card, profile: await read(jid, card) };
}

/** Having none is a common answer to asking for one's own (§3.1). */
async function fetchCard(core: Core, to: Jid | undefined): Promise<Element> {
  const none = x('vCard', { xmlns: VCARD });
  try {
    return (await core.get(none, to)).child('vCard', VCARD) ?? none;
  } catch (error) {
    if (to === undefined && error instanceof ClientError && error.code === 'not-found') return none;
    throw error;
  }
}

async function read(jid: Jid, card: Element): Promise<Profile> {
  const text = (name: string, limit: number): string | null => card.textOf(name).trim().slice(0, limit) || null;
  const nickname = text('NICKNAME', 100) ?? text('FN', 100);
  return { jid, nickname, about: text('DESC', 2000), email: card.child('EMAIL')?.textOf('USERID').trim() || null, avatar: await avatarIn(card.child('PHOTO')) };
}

async function avatarIn(photo: Element | undefined): Promise<Avatar | null> {
  const data = photo?.textOf('BINVAL');
  if (!data || data.length > LARGEST * 1.5) return null;
  try {
    const bytes = fromBase64(data);
    const type = pictureType(bytes);
    return type ? { hash: toHex(await digest('SHA-1', bytes)), blob: new Blob([bytes], { type }) } : null;
  } catch {
    return null; // Not base64.
  }
}

const SIGNATURES: readonly (readonly [type: string, at: number, bytes: string])[] = [
  ['image/png', 0, '89504e47'], ['image/jpeg', 0, 'ffd8ff'], ['image/gif', 0, toHex(utf8('GIF8'))], ['image/webp', 8, toHex(utf8('WEBP'))],
];

/** By the bytes, never by what the sender says: an SVG must not pass as a picture. */
export function pictureType(bytes: Bytes): string | null {
  return SIGNATURES.find(([, at, signature]) => toHex(bytes.subarray(at, at + signature.length / 2)) === signature)?.[0] ?? null;
}
