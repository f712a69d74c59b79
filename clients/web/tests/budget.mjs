// SPDX-License-Identifier: Apache-2.0
// The budget of spec 10, in gzip bytes of the built client: what opening the client list loads, each lazy screen, the
// chart library; and the number of packages that run in the browser. Exit code 1 when anything is over.
//   node tests/budget.mjs [DIST]                 DIST: the built client, default dist/ (deploy/up leaves it in DATA/web)
//   node tests/budget.mjs --first-load [DIST]    prints only the KB of the first load
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = new URL('..', import.meta.url);
const isFirstOnly = process.argv.includes('--first-load');
const dist = resolve(process.argv.slice(2).find((word) => !word.startsWith('--')) ?? fileURLToPath(new URL('dist', root)));
const manifest = JSON.parse(readFileSync(join(dist, '.manifest.json'), 'utf8'));
const KIB = 1024;
const LIMITS = { first: 60 * KIB, screen: 25 * KIB, chart: 30 * KIB, packages: 4 };

const sizes = new Map();
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
  return sizes.get(file);
}

/** Files of an entry with its static imports and styles. */
function filesOf(key, seen = new Set()) {
  const entry = manifest[key];
  if (!entry || seen.has(key)) return new Set();
  seen.add(key);
  const files = new Set([entry.file, ...(entry.css ?? [])]);
  for (const next of entry.imports ?? []) for (const file of filesOf(next, seen)) files.add(file);
  return files;
}

const union = (...keys) => new Set(keys.flatMap((key) => [...filesOf(key)]));
const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);
const failures = [];
function judge(name, bytes, limit) {
  const isOver = bytes > limit;
  console.log(`${isOver ? 'OVER ' : 'ok   '} ${name}: ${(bytes / KIB).toFixed(1)} KB of ${(limit / KIB).toFixed(0)}`);
  if (isOver) failures.push(name);
}

const keyOf = (name) => Object.keys(manifest).find((key) => manifest[key].name === name && key.startsWith('_')) ?? '';
// the two files of vite.config.ts that hold what is always loaded: their keys are made from their contents
const SHELL = ['index.html', keyOf('app'), keyOf('shell'), 'src/i18n/ru/core.ts', 'src/i18n/ru/list.ts'];
if (SHELL.includes('')) throw new Error('the bundle has no app or no shell');
const first = union(...SHELL, 'src/screens/clients/Clients.svelte');
first.add('index.html');
if (isFirstOnly) {
  console.log((sum(first) / KIB).toFixed(1));
  process.exit(0);
}
judge('first load, client list (Russian)', sum(first), LIMITS.first);

const shell = union(...SHELL);
const areaOf = {};
const rareOf = Object.fromEntries([...readFileSync(new URL('src/screens/rare.ts', root), 'utf8').matchAll(/(\w+): \(\) => import\('\.\/([^']+)'\)/g)].map((m) => [m[1], m[2]]));
for (const line of readFileSync(new URL('src/routes.ts', root), 'utf8').split('\n')) {
  const row = /name: '(\w+)'.*area: '(\w+)'/.exec(line);
  if (row) areaOf[`src/screens/${/import\('\.\/screens\/([^']+)'\)/.exec(line)?.[1] ?? rareOf[row[1]]}`] = row[2];
}
for (const [key, area] of Object.entries(areaOf)) {
  const own = [...union(key, `src/i18n/ru/${area}.ts`)].filter((file) => !shell.has(file));
  judge(key.replace('src/screens/', ''), sum(own), LIMITS.screen);
}

const charts = Object.keys(manifest).filter((key) => key.includes('uplot'));
judge('charts', sum(new Set(charts.flatMap((key) => [...filesOf(key)]).filter((file) => !shell.has(file)))), LIMITS.chart);

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const count = Object.keys(dependencies).length;
console.log(`${count > LIMITS.packages ? 'OVER ' : 'ok   '} runtime packages: ${count} of ${LIMITS.packages}`);
if (count > LIMITS.packages) failures.push('packages');
process.exitCode = failures.length ? 1 : 0;
