// What an avatar without a picture shows: initials and a colour that stay the same for the same address.

/** Twelve hues of one lightness; white text stands on all of them. */
export const avatarGrounds = [
  '#a8506f',
  '#ac5346',
  '#a35e16',
  '#8a6e08',
  '#697b1a',
  '#33854a',
  '#158374',
  '#018090',
  '#1479b0',
  '#576cb7',
  '#7d5fad',
  '#985593',
] as const;

const han = /\p{Script=Han}/u;

/** The last two Han characters of a Chinese name (one of a two-character name), else the first letters of the first and last word. */
export function initials(name: string): string {
  const characters = [...name.trim()];
  const chinese = characters.filter((character) => han.test(character));
  if (chinese.length > 2) return chinese.slice(-2).join('');
  if (chinese.length > 0) return chinese.slice(-1).join('');
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .map((word) => [...word].find((character) => /[\p{L}\p{N}]/u.test(character)))
    .filter((first) => first !== undefined);
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return picked.join('').toLocaleUpperCase('en') || '#';
}

/** A colour by FNV-1a of the address, so that it is the same on every device. */
export function avatarGround(seed: string): (typeof avatarGrounds)[number] {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(seed)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return avatarGrounds[hash % avatarGrounds.length] ?? avatarGrounds[0];
}
