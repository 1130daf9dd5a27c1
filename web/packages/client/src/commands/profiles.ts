// Changes of one's own profile.
import { ClientError } from '../api/base';
import { toBase64 } from '../base/bytes';
import type { Kit } from '../modules/all';
import { LARGEST, pictureType } from './vcard';
import { x, type Element } from '../xml/element';

export function setNickname(kit: Kit, nickname: string): Promise<void> {
  const name = nickname.trim();
  return change(kit, x('NICKNAME', {}, name), x('FN', {}, name));
}

export const setAbout = (kit: Kit, about: string): Promise<void> => change(kit, x('DESC', {}, about.trim()));

export async function setAvatar(kit: Kit, picture: Blob | null): Promise<void> {
  const bytes = picture && new Uint8Array(await picture.arrayBuffer());
  if (bytes && bytes.length > LARGEST) throw new ClientError('too-large', 'the picture', { limit: LARGEST });
  const type = bytes && pictureType(bytes);
  if (bytes && !type) throw new ClientError('unsupported', 'PNG, JPEG, GIF or WebP');
  await change(kit, bytes && type ? x('PHOTO', {}, x('TYPE', {}, type), x('BINVAL', {}, toBase64(bytes))) : x('PHOTO'));
  // The server puts the new hash into it (0153).
  await kit.presence.announce();
}

/** Only these fields change: what another client wrote stays. */
async function change({ core, profiles }: Kit, ...fields: readonly Element[]): Promise<void> {
  await profiles.refresh(core.me);
  const names = fields.map((f) => f.name);
  const kept = profiles.ownCard?.elements.filter((e) => !names.includes(e.name)) ?? [];
  await core.set(x('vCard', { xmlns: 'vcard-temp' }, kept, fields.filter((f) => f.children.length)));
  await profiles.refresh(core.me);
}
