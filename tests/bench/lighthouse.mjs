// SPDX-License-Identifier: Apache-2.0
// Lighthouse mobile marks of pages as a signed-in user. out: "page performance accessibility best-practices" lines.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import lighthouse from 'lighthouse';

const { values: o } = parseArgs({ options: { url: { type: 'string' }, cookie: { type: 'string' } } });
const profile = mkdtempSync(join(tmpdir(), 'clientele-lighthouse-'));
const chromium = spawn('/usr/bin/chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--ignore-certificate-errors',
  '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' });
const portFile = join(profile, 'DevToolsActivePort');
for (let i = 0; i < 100 && !existsSync(portFile); i++) await new Promise((r) => { setTimeout(r, 100); });
const port = Number(readFileSync(portFile, 'utf8').split('\n')[0]);
try {
  for (const page of ['/login', '/clients']) {
    const headers = page === '/login' ? {} : { Cookie: `__Host-s=${o.cookie}` };
    const run = await lighthouse(o.url + page, { port, extraHeaders: headers, onlyCategories: ['performance', 'accessibility', 'best-practices'], logLevel: 'silent' });
    const mark = (id) => Math.round((run.lhr.categories[id]?.score ?? 0) * 100);
    console.log(`${page} ${mark('performance')} ${mark('accessibility')} ${mark('best-practices')}`);
  }
} finally {
  chromium.kill();
}
process.exit(0);
