// Converse.js, a messenger nobody here wrote, in a page of its own beside ours.
import { readFile } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { PASSWORD, type Stage } from './people';

const FILES = resolve(import.meta.dirname, '../converse/node_modules/converse.js/dist');
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', json: 'application/json', wasm: 'application/wasm' };

export class Converse {
  private constructor(private readonly files: HttpServer, readonly page: Page) {}

  /** `name` logged in, in the conversation with `peer`. */
  static async open(stage: Stage, name: string, peer: string): Promise<Converse> {
    const settings = {
      view_mode: 'fullscreen', websocket_url: stage.server.websocket, discover_connection_methods: false, authentication: 'login', auto_login: true,
      jid: `${name}@localhost`, password: PASSWORD, assets_path: '/', allow_non_roster_messaging: true, whitelisted_plugins: ['opens'],
    };
    const start = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/converse.min.css"><body class="converse-fullscreen"><converse-root></converse-root>
      <script type="module">import converse from '/converse.min.js';
      converse.plugins.add('opens', { initialize() { const { api } = this._converse; api.listen.on('connected', () => api.chats.open('${peer}@localhost')); } });
      converse.initialize(${JSON.stringify(settings)});</script>`;
    const files = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      response.setHeader('content-type', path === '/' ? 'text/html' : TYPES[path.split('.').at(-1)!] ?? 'application/octet-stream');
      if (path === '/') return response.end(start);
      readFile(resolve(FILES, `.${path}`)).then((file) => response.end(file), () => response.writeHead(404).end());
    });
    await new Promise<void>((listening) => files.listen(0, '127.0.0.1', () => listening()));
    const { port } = files.address() as { port: number };
    const page = await (await stage.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en' })).newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.locator('textarea.chat-textarea').waitFor({ timeout: 60_000 });
    return new Converse(files, page);
  }

  async close(): Promise<void> {
    await this.page.context().close();
    this.files.close();
    this.files.closeAllConnections();
  }

  async say(text: string): Promise<void> {
    await this.page.locator('textarea.chat-textarea').fill(text);
    await this.page.locator('textarea.chat-textarea').press('Enter');
  }

  message(text: string) {
    return this.page.locator('converse-chat-message', { hasText: text }).first();
  }
}
