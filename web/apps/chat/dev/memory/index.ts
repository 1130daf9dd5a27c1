// The SDK in memory, for looking at screens: same exports as `@magpie/client`, sample data instead of a server. Never in the app's bundle.
import { ClientError } from '../../../../packages/client/src/api/base';
import type { Branding, Client } from '../../../../packages/client/src/api/client';
import type { Account, Connection, ConnectionState, Features } from '../../../../packages/client/src/api/connection';
import type { Device, PrivacySettings } from '../../../../packages/client/src/api/contacts';
import { answer, cell } from './cell';
import { contacts, directory, invitations, me, presence, profiles } from './people';
import { scenes } from './scene';
import { conversations, files, listenToMessages, messages } from './talk';

export * from '../../../../packages/client/src/api/base';

const account: Account = { jid: me, domain: 'localhost', fullJid: `${me}/web` };
const features: Features = {
  history: true,
  inbox: true,
  upload: true,
  uploadLimit: 50_000_000,
  directory: true,
  invitations: true,
  accountInvitations: true,
  blocking: true,
  devices: true,
  privacy: true,
  recall: true,
  registration: true,
};

const state = cell<ConnectionState>(
  scenes.signedOut
    ? { status: 'signed-out', reason: scenes.expired ? 'session-expired' : null }
    : scenes.offline
      ? { status: 'offline', reason: 'unreachable', retryAt: Date.now() + 12_000 }
      : scenes.slow
        ? { status: 'connecting', attempt: 1 }
        : { status: 'online', syncing: false },
);
const who = cell<Account | null>(scenes.signedOut ? null : account);

async function enter(): Promise<void> {
  await answer(0, 700);
  if (scenes.fail) throw new ClientError('wrong-credentials');
  who.set(account);
  state.set({ status: 'online', syncing: false });
}

async function leave(): Promise<void> {
  await answer(0);
  who.set(null);
  state.set({ status: 'signed-out', reason: null });
}

const connection: Connection = {
  state,
  account: who,
  features: cell(features),
  leads: cell(true),
  register: enter,
  login: enter,
  logout: leave,
  deleteAccount: leave,
  changePassword: () => answer(undefined),
  retry: () => state.set({ status: 'online', syncing: false }),
  setActive: () => undefined,
};

const devices = cell<readonly Device[]>([
  {
    id: '1',
    name: 'Chrome · Windows',
    software: 'Magpie Web',
    current: true,
    online: true,
    firstSeen: Date.now() - 9e8,
    lastSeen: Date.now(),
  },
  {
    id: '2',
    name: 'Safari · iPhone',
    software: 'Magpie Web',
    current: false,
    online: true,
    firstSeen: Date.now() - 8e8,
    lastSeen: Date.now(),
  },
  {
    id: '3',
    name: 'ThinkPad',
    software: 'Gajim 2.4',
    current: false,
    online: false,
    firstSeen: Date.now() - 7e8,
    lastSeen: Date.now() - 2e8,
  },
]);
const privacy = cell<PrivacySettings | null>({ lastSeen: 'contacts', readReceipts: true, searchable: false });
const kept = new Map<string, unknown>();

const client: Client = {
  connection,
  contacts,
  conversations,
  messages,
  files,
  profiles,
  presence,
  directory,
  invitations,
  devices: {
    list: () => answer(devices.get()),
    revoke: async (id) => devices.update((all) => all.filter((one) => one.id !== id)),
  },
  privacy: { settings: privacy, set: async (change) => privacy.update((old) => (old ? { ...old, ...change } : old)) },
  on: (event, listener) => (event === 'message' ? listenToMessages(listener as never) : () => undefined),
  settings: {
    get: async <T>(key: string) => kept.get(key) as T | undefined,
    set: async (key, value) => {
      kept.set(key, value);
    },
  },
  cache: { size: () => answer(18_400_000), clear: () => answer(undefined) },
  exportData: async (progress) => {
    for (let at = 1; at <= 12; at++) {
      await answer(0, 120);
      progress?.(at, 12);
    }
    return new Blob(['{}']);
  },
  close: async () => undefined,
};

export const createClient = async (): Promise<Client> => client;

const crest = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 56 56"><path d="M4 4h48v24c0 14-12 21-24 25C16 49 4 42 4 28z" fill="#8b1a2b"/><path d="M14 36h28M18 36V22l10-8 10 8v14M28 36V26" stroke="#fff" stroke-width="3" fill="none"/></svg>',
)}`;
const chinese = navigator.language.startsWith('zh');

export const fetchBranding = async (): Promise<Branding> => ({
  name: scenes.branded ? '江南大学通讯' : 'Magpie',
  logo: scenes.branded ? crest : null,
  accent: scenes.branded ? '#8b1a2b' : null,
  accentDark: null,
  registration: scenes.registration,
  links: [
    { label: chinese ? '隐私政策' : 'Privacy', url: '/privacy' },
    { label: chinese ? '帮助' : 'Help', url: 'https://example.org/help' },
  ],
  domain: 'localhost',
  websocket: null,
  version: '0.1.0',
});
