// People before their browsers: each a context of its own in one Chromium, on the app that the release binary serves.
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { Server } from '../../packages/client/tests/server';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export const PASSWORD = 'correct horse 42';

/** A server, a browser, and what the pages complained of. */
export class Stage {
  /** Errors of scripts and of the content security policy, from every page. */
  readonly complaints: string[] = [];

  private constructor(readonly server: Server, readonly browser: Browser) {}

  /** `config` and `disk` as for the server; `camera`: a film in a file is what every browser's camera sees. */
  static async start(config = '', { disk, camera }: { disk?: string; camera?: string } = {}): Promise<Stage> {
    const server = await Server.start(config, disk);
    const filmed = camera ? ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`] : [];
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    return new Stage(server, await chromium.launch({ executablePath, args: [...FLAGS, ...filmed] }));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  /** A browser of somebody's own. */
  async device(options: { width?: number; locale?: string; dark?: boolean } = {}): Promise<BrowserContext> {
    const { width = 1280, locale = 'en', dark = false } = options;
    const context = await this.browser.newContext({
      viewport: { width, height: 800 }, locale, colorScheme: dark ? 'dark' : 'light', baseURL: this.server.http,
    });
    context.on('weberror', (e) => this.complaints.push(String(e.error())));
    context.on('console', (m) => {
      if (/Content Security Policy|TrustedHTML/.test(m.text())) this.complaints.push(m.text());
    });
    return context;
  }

  /** Registers `name` as a stranger would and ends on the list of conversations. */
  async register(name: string, options: Parameters<Stage['device']>[0] = {}): Promise<Page> {
    return this.enter(await this.device(options), '/#/register', name);
  }

  async logIn(name: string, options: Parameters<Stage['device']>[0] = {}): Promise<Page> {
    return this.logInOn(await this.device(options), name);
  }

  /** In a browser that was made before. */
  logInOn(device: BrowserContext, name: string): Promise<Page> {
    return this.enter(device, '/#/login', name);
  }

  private async enter(device: BrowserContext, address: string, name: string): Promise<Page> {
    const page = await device.newPage();
    await page.goto(address);
    await submit(page, name);
    await page.waitForSelector('.shell');
    return page;
  }
}

/** Fills in the form of a login or a registration and sends it. */
export async function submit(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.fill('input[name=username]', name);
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
}

/** Opens the conversation with `name`. */
export async function open(page: Page, name: string): Promise<void> {
  await page.goto(`/#/chat/${encodeURIComponent(`${name}@localhost`)}`);
  await page.waitForSelector('.composer textarea');
}

export async function say(page: Page, text: string): Promise<void> {
  await page.fill('.composer textarea', text);
  await page.press('.composer textarea', 'Enter');
}

/** Waits until `text` stands in a message of the open conversation. */
export async function sees(page: Page, text: string): Promise<void> {
  await page.locator('.message', { hasText: text }).first().waitFor({ timeout: 30_000 });
}

/** Waits until the message that contains `text` has one of `states`. */
export async function has(page: Page, text: string, ...states: string[]): Promise<void> {
  const any = states.map((s) => `.message .meta-state[data-state="${s}"]`).join(', ');
  await page.locator('.message', { hasText: text }).filter({ has: page.locator(any.replaceAll('.message ', '')) }).first()
    .waitFor({ timeout: 30_000 });
}

/** How many messages wait in the storage of this browser to be sent. */
export function waiting(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('no storage'));
    });
    let waits = 0;
    for (const { name } of await indexedDB.databases()) {
      const storage = await done(indexedDB.open(name!));
      if (storage.objectStoreNames.contains('outbox')) waits += await done(storage.transaction('outbox').objectStore('outbox').count());
      storage.close();
    }
    return waits;
  });
}

/** What `pattern` finds in the messages of the open conversation, in their order. */
export async function texts(page: Page, pattern: RegExp): Promise<string[]> {
  const all = await page.locator('.message').allInnerTexts();
  return all.flatMap((text) => pattern.exec(text)?.[0] ?? []);
}

/** A picture of one colour, as a browser writes it. */
export async function picture(page: Page, options: { width?: number; height?: number; colour?: string; type?: string } = {}): Promise<Buffer> {
  const { width = 300, height = 200, colour = '#48c', type = 'image/png' } = options;
  const bytes = await page.evaluate(async ([wide, high, fill, as]) => {
    const canvas = new OffscreenCanvas(wide, high);
    const pen = canvas.getContext('2d')!;
    pen.fillStyle = fill;
    pen.fillRect(0, 0, wide, high);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: as })).arrayBuffer())];
  }, [width, height, colour, type] as const);
  return Buffer.from(bytes);
}

export interface Chosen { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }

/** Chooses files for the open conversation: they are shown before they go. */
export async function attach(page: Page, ...files: Chosen[]): Promise<void> {
  await page.locator('.composer input[type=file]').setInputFiles(files);
}

/** Sends what {@link attach} chose. */
export async function sendFiles(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
}

/** Clicks what downloads a file: the name it is given, and its bytes. */
export async function downloaded(page: Page, what: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), what.click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** The message of the open conversation that contains `text`. */
export function message(page: Page, text: string): Locator {
  return page.locator('.message', { hasText: text }).first();
}

/** Chooses `verb` in the menu of the message that contains `text`. */
export async function choose(page: Page, text: string, verb: string): Promise<void> {
  await message(page, text).locator('.bubble').click({ button: 'right' });
  await page.getByRole('menuitem', { name: verb, exact: true }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

/** `asker` asks `other` to become a contact, and `other` accepts. */
export async function befriend(asker: Page, other: Page, names: readonly [string, string]): Promise<void> {
  await asker.goto(`/#/contact/${encodeURIComponent(`${names[1]}@localhost`)}`);
  await asker.locator('.profile-actions').getByRole('button', { name: 'Add contact' }).click();
  await asker.getByRole('dialog').getByRole('button', { name: 'Send request' }).click();
  await other.goto('/#/contacts/requests');
  await other.getByRole('button', { name: 'Accept' }).click();
  await other.locator('.column-scroll').getByText(names[0]).first().waitFor();
}
