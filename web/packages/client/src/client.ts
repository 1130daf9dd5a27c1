// Puts the client together: storage, tabs, modules, and over them the commands.
import type { Client, ClientOptions, Storage } from './api/client';
import { makeModules, type Kit } from './modules/all';
import { parseInvitation } from './modules/invitations';
import { Core } from './state/core';
import { Shared } from './state/shared';
import { Tabs } from './state/tabs';
import { IndexedDbStorage } from './storage/indexeddb';
import { prepareParser } from './xml/parser';

const commands = () => import('./commands/all');
type Commands = Awaited<ReturnType<typeof commands>>;
type Run = (group: string, name: string, ...args: readonly unknown[]) => Promise<never>;

/** The app's own settings stand beside the SDK's. */
const APP = 'app\t';

export async function createClient(options: ClientOptions = {}): Promise<Client> {
  await prepareParser();
  const shared = new Shared(options.storage ?? (await defaultStorage()));
  const tabs = new Tabs('magpie', shared, options.storage !== undefined || !canElect());
  const core = new Core(shared, tabs);
  const run: Run = tabs.method('command', async (group: string, name: string, ...args: readonly unknown[]) => {
    const all = (await commands()) as unknown as Record<string, Record<string, (kit: Kit, ...args: readonly unknown[]) => never>>;
    return all[group]![name]!(kit, ...args);
  });
  const upload: Client['files']['upload'] = async (file, how) => (await commands()).files.upload(core, (...what) => run('files', 'slot', ...what), file, how);
  const kit = makeModules(core, options, upload);
  await kit.life.load();
  tabs.start();
  return facade(kit, options, run, upload);
}

const canElect = (): boolean => typeof document !== 'undefined' && typeof BroadcastChannel !== 'undefined' && !!globalThis.navigator?.locks;

async function defaultStorage(): Promise<Storage> {
  const memory = async (): Promise<Storage> => new (await import('./storage/memory')).MemoryStorage();
  // A private window may forbid it: the messenger works, and forgets.
  return typeof indexedDB === 'undefined' ? memory() : IndexedDbStorage.open('magpie').catch(memory);
}

/** The commands of a group, as methods: loaded when first used, run in the leading tab. `Command` proves that there are such. */
type Command<G extends keyof Client & keyof Commands> = {
  [K in keyof Client[G] & keyof Commands[G]]: Commands[G][K] extends (kit: Kit, ...args: infer A) => unknown
    ? Client[G][K] extends (...args: infer B) => infer R ? (B extends A ? (...args: B) => R : never) : never
    : never;
};

function facade(kit: Kit, options: ClientOptions, run: Run, upload: Client['files']['upload']): Client {
  const { core, life, messages, conversations, contacts, profiles, presence, privacy } = kit;
  const { shared, tabs, trouble } = core;
  /** What a module has itself comes from there, all else is a command. */
  const withCommands = <G extends keyof Client & keyof Commands, M extends object>(group: G, module: M): M & Command<G> =>
    new Proxy(module, {
      // A promise that resolves with it asks for `then`.
      get: (own, name: string) => (name in own || name === 'then' ? Reflect.get(own, name) : (...args: unknown[]) => run(group, name, ...args)),
    }) as M & Command<G>;
  const setActive = tabs.method('setActive', async (active: boolean) => core.link.setActive(active));
  return {
    connection: withCommands('connection', Object.assign(life, {
      account: core.account,
      features: core.features,
      leads: tabs.leads,
      setActive: (active: boolean) => void setActive(active).catch(trouble),
    })),
    messages: withCommands('messages', Object.assign(messages, {
      search: (async (...what) => (await commands()).search(messages.cache, (jid) => messages.history.older(jid), ...what)) as Client['messages']['search'],
    })),
    conversations: withCommands('conversations', conversations),
    contacts: withCommands('contacts', contacts),
    profiles: withCommands('profiles', profiles),
    presence: withCommands('presence', presence),
    privacy: withCommands('privacy', privacy),
    devices: withCommands('devices', {}),
    directory: withCommands('directory', {}),
    files: { upload, info: async (url) => (await commands()).files.info(url) },
    invitations: {
      toContact: () => run('invitations', 'make', 'invite'),
      toAccount: () => run('invitations', 'make', 'create-account'),
      look: async (token) => (await commands()).invitations.look(options, token),
      parse: parseInvitation,
    },
    on: core.events.on.bind(core.events),
    settings: { get: (key) => shared.get('settings', APP + key), set: (key, value) => shared.write([['settings', APP + key, value]]) },
    cache: { size: async () => (await globalThis.navigator?.storage?.estimate?.())?.usage ?? 0, clear: () => run('keeping', 'clear') },
    exportData: async (onProgress) => (await commands()).keeping.exportData(kit, onProgress),
    close: async () => {
      life.close();
      tabs.close();
      shared.storage.close();
    },
  };
}
