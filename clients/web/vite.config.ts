// SPDX-License-Identifier: Apache-2.0
// One static bundle, hashed names under assets/, no inline script or style: the server sends a strict policy.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** What is always loaded together is one file: a request costs a phone more than the bytes it saves. */
const CHUNKS: [string, RegExp][] = [
  ['app', /\/node_modules\/|\/src\/(app\.ts|App\.svelte|api\/(client|problem)|i18n\/format|lib\/(names|days|moment|money)|assets\/icons|screens\/shell\/Mark|i18n\/plural|state\/(session|router|live|load|toast|clock|list|screen)|kit\/(Icon|icons|Toasts|Refusal|keys)\b)/],
  ['shell', /\/src\/screens\/shell\/(Shell|Rail|Notices|JobTray|badges)\b|\/src\/state\/jobs|\/src\/kit\/(Head|Loaded|Empty|Due|State|Menu|DataList)\b|\/src\/lib\/(query|columns|window)/],
  ['login', /\/src\/screens\/login\/(Login|LoginForm|Frame)\.svelte/],
];

/** The application is fetched beside the small script that starts it, not after it. */
const fetchAppAhead: Plugin = {
  name: 'fetch-app-ahead',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle }) {
      const app = Object.values(bundle ?? {}).find((one) => one.type === 'chunk' && one.name === 'app');
      return app ? [{ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${app.fileName}` }, injectTo: 'head' }] : [];
    },
  },
};

export default defineConfig({
  plugins: [svelte(), fetchAppAhead],
  build: {
    target: 'es2022',
    // 5 % smaller than the default minifier on this bundle (measured), nothing at run time
    minify: 'terser',
    terserOptions: { module: true, ecma: 2020, compress: { passes: 2 } },
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    reportCompressedSize: false,
    manifest: 'manifest.json',
    rollupOptions: {
      output: {
        onlyExplicitManualChunks: true,
        manualChunks: (id) => (id.includes('uplot') ? undefined : CHUNKS.find(([, files]) => files.test(id))?.[0]),
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    // development only: the server's address with the local certificate
    proxy: { '/v1': { target: process.env.CLIENTELE_URL ?? 'https://localhost:8443', secure: false } },
  },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node', css: true },
});
