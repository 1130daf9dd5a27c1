// The app without a server: `npx vite --config dev/vite.config.ts`. The SDK is replaced by one in memory that holds sample people and
// messages; the address chooses the scene (`/?scene=empty`). Also serves the gallery of components at /dev/gallery.html.
import { defineConfig, mergeConfig } from 'vite';
import base from '../vite.config';

export default mergeConfig(
  base,
  defineConfig({
    root: new URL('..', import.meta.url).pathname,
    resolve: { alias: [{ find: /^@magpie\/client$/, replacement: new URL('memory/index.ts', import.meta.url).pathname }] },
    server: { proxy: {} },
    // Found late, it would be bundled anew while pages are open.
    optimizeDeps: { include: ['qr', 'qr/decode.js', 'virtua/solid', 'idb'] },
  }),
);
