// Chromium with a page that holds the SDK, under the policy that the server sets for the messenger.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { rolldown } from 'rolldown';

const CSP = [
  "default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
  "connect-src 'self' ws: http:", "require-trusted-types-for 'script'",
].join('; ');

export class Chromium {
  private constructor(
    private readonly http: HttpServer,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<Chromium> {
    const files = await bundle();
    const http = createServer((request, response) => {
      const code = files.get(request.url!.slice(1));
      response.setHeader('Content-Security-Policy', CSP);
      response.setHeader('Content-Type', code ? 'text/javascript' : 'text/html');
      response.end(code ?? '<!doctype html><title>test</title><script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
    return new Chromium(http, browser);
  }

  /** A device: its tabs share storage, locks and channels. */
  device(): Promise<BrowserContext> {
    return this.browser.newContext();
  }

  async tab(device: BrowserContext): Promise<Page> {
    const page = await device.newPage();
    page.on('pageerror', (error) => console.error(error));
    await this.visit(page);
    return page;
  }

  async visit(page: Page): Promise<void> {
    await page.goto(`http://127.0.0.1:${(this.http.address() as AddressInfo).port}/`);
    await page.waitForFunction('globalThis.createClient');
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.http.close(resolve));
  }
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const build = await rolldown({ input: new URL('page.ts', import.meta.url).pathname, platform: 'browser', logLevel: 'silent' });
  const { output } = await build.generate({ format: 'es' });
  return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])));
}
