// Which situation is played, from the address: `?scene=login|empty|offline|expired|fail-login|…`; default: logged in with sample data.
const scene = new URLSearchParams(location.search).get('scene') ?? '';

export const scenes = {
  signedOut:
    ['login', 'register', 'expired', 'fail', 'invited', 'closed', 'invite-only', 'branded'].includes(scene) ||
    (location.pathname.startsWith('/invite/') && scene !== 'member'),
  expired: scene === 'expired',
  fail: scene === 'fail',
  empty: scene === 'empty',
  offline: scene === 'offline',
  slow: scene === 'slow',
  registration: scene === 'closed' ? 'closed' : scene === 'invite-only' ? 'invite' : 'open',
  branded: scene === 'branded',
  /** So many extra conversations and messages: `?scene=many`. */
  many: scene === 'many' || scene === 'paged',
  /** The same, with history that comes in pages. */
  paged: scene === 'paged',
} as const;
