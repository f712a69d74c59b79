// SPDX-License-Identifier: Apache-2.0
// Registrations over TLS on kept-alive connections in an open loop: --rate a second, whatever the answers do.
// out: "requests_per_s p50_ms p99_ms requests errors"
import { request, Agent } from 'node:https';
import { randomUUID, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: o } = parseArgs({ options: {
  url: { type: 'string' }, cookie: { type: 'string' }, ca: { type: 'string' },
  connections: { type: 'string', default: '16' }, seconds: { type: 'string', default: '10' }, rate: { type: 'string' },
} });
const agent = new Agent({ keepAlive: true, maxSockets: Number(o.connections), ca: readFileSync(o.ca) });
const common = { Cookie: `__Host-s=${o.cookie}`, 'Content-Type': 'application/json', Origin: o.url };

function get(path) {
  return new Promise((done, fail) => {
    request(o.url + path, { agent, headers: common }, (r) => {
      let s = ''; r.on('data', (d) => { s += d; }); r.on('end', () => done(JSON.parse(s)));
    }).on('error', fail).end();
  });
}
const session = await get('/v1/session');
common['X-CSRF-Token'] = session.csrf ?? session.csrf_token;
const brands = (await get('/v1/dictionary')).own_lines;

function person() {
  const line = brands[0] ?? { brand_id: 1, line: 'NEW' };
  const n = randomInt(0, 1e9);
  return JSON.stringify({ kind: 'PERSON', surname: `Проверкин${n % 977}`, given_name: 'Пётр', phone: `+7 999 ${String(n % 1e7).padStart(7, '0')}`,
    brand_id: line.brand_id, line: line.line, source: 'visit', occasion: 'bench', interest: 'test drive', consent_evidence: 'bench form',
    consent_channels: ['CALL'] });
}
const times = [];
let errors = 0;
function post(path, body) {
  const begun = performance.now();
  return new Promise((done) => {
    const rq = request(o.url + path, { method: 'POST', agent, headers: { ...common, 'Idempotency-Key': randomUUID(), 'Content-Length': Buffer.byteLength(body) } }, (r) => {
      r.resume();
      r.on('end', () => { times.push(performance.now() - begun); if (r.statusCode >= 300) errors++; done(); });
    });
    rq.on('error', () => { errors++; done(); });
    rq.end(body);
  });
}
const end = performance.now() + Number(o.seconds) * 1000;
const begun = performance.now();
const gap = 1000 / Number(o.rate);
const pending = [];
for (let due = performance.now(); due < end; due += gap) {
  const wait = due - performance.now();
  if (wait > 0) await new Promise((r) => { setTimeout(r, wait); });
  pending.push(post('/v1/registrations', person()));
}
await Promise.all(pending);
const seconds = (performance.now() - begun) / 1000;
times.sort((a, b) => a - b);
const q = (p) => (times[Math.min(times.length - 1, Math.floor(times.length * p))] ?? 0).toFixed(2);
console.log(`${(times.length / seconds).toFixed(1)} ${q(0.5)} ${q(0.99)} ${times.length} ${errors}`);
process.exit(0);
