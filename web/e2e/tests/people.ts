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

  static async start(config = ''): Promise<Stage> {
    const server = await Server.start(config);
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    return new Stage(server, await chromium.launch({ executablePath, args: FLAGS }));
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
    const page = await (await this.device(options)).newPage();
    await page.goto('/#/register');
    await page.fill('input[name=username]', name);
    await page.fill('input[name=password]', PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForSelector('.shell');
    return page;
  }

  async logIn(name: string, options: Parameters<Stage['device']>[0] = {}): Promise<Page> {
    const page = await (await this.device(options)).newPage();
    await page.goto('/#/login');
    await page.fill('input[name=username]', name);
    await page.fill('input[name=password]', PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForSelector('.shell');
    return page;
  }
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
