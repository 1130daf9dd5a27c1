// A Vite plugin: writes `/sw.js` with the list of the built files and a version made of their names (which carry hashes).
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { minify, transformWithOxc, type Plugin } from 'vite';

/** Too big or too rarely wanted to load before they are asked for. */
const leftOut = /\.(map|json)$|^sw\.js$/;

export function serviceWorker(): Plugin {
  return {
    name: 'magpie-service-worker',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      const path = new URL('../src/pwa/sw.ts', import.meta.url).pathname;
      const icons = await readdir(new URL('../public/icons', import.meta.url));
      const built = Object.keys(bundle)
        .filter((name) => !leftOut.test(name) && name !== 'index.html')
        .map((name) => `/${name}`);
      const files = ['/', ...built, ...icons.map((name) => `/icons/${name}`)].sort();
      const page = bundle['index.html'];
      const hash = createHash('sha256')
        .update(files.join())
        .update(page?.type === 'asset' ? page.source : '');
      const shell = JSON.stringify({ version: hash.digest('hex').slice(0, 12), files });
      const { code } = await transformWithOxc(await readFile(path, 'utf8'), path);
      const small = await minify('sw.js', `const SHELL = ${shell};${code.replace(/^export \{\};?$/m, '')}`);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: small.code });
    },
  };
}
