// How the messenger is built: Solid compiled against our DOM module, hashed assets, the service worker; in development the server behind.
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { isStatic } from './build/chunks';
import { serviceWorker } from './build/service-worker';

const server = process.env['MAGPIE_HTTP'] ?? 'http://127.0.0.1:5280';
const proxy = {
  '/xmpp': { target: server, ws: true },
  ...Object.fromEntries(['/api', '/upload', '/manifest.webmanifest', '/.well-known'].map((path) => [path, { target: server }])),
};

export default defineConfig({
  // Static styles would become `style=` attributes of templates, which the content security policy forbids.
  plugins: [solid({ solid: { moduleName: '@magpie/ui/dom', inlineStyles: false } as Record<string, unknown> }), serviceWorker()],
  // Invitations are paths; everything else is in the fragment.
  appType: 'spa',
  build: {
    target: ['chrome111', 'edge111', 'firefox114', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Few requests: what the entry imports outright is one file; the rest is split where it is loaded lazily.
        codeSplitting: { groups: [{ name: (id, chunk) => (isStatic(id, (each) => chunk.getModuleInfo(each)) ? 'base' : null) }] },
      },
    },
  },
  server: { proxy },
  preview: { proxy },
});
