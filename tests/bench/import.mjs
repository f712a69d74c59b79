// SPDX-License-Identifier: Apache-2.0
// Uploads a list of clients, maps it, tries it, and brings it in when --run is given.
// out: "read_s check_s run_s most_server_kib verdicts": from the order of each stage to its end
import { request } from 'node:https';
import { randomUUID } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: o } = parseArgs({ options: {
  url: { type: 'string' }, cookie: { type: 'string' }, ca: { type: 'string' }, file: { type: 'string' }, pid: { type: 'string' }, run: { type: 'boolean' } } });
const ca = readFileSync(o.ca);
let csrf = '', most = 0;
function call(method, path, body, file) {
  return new Promise((done, fail) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const length = file ? statSync(file).size : Buffer.byteLength(text);
    const rq = request(o.url + path, { method, ca, headers: { Cookie: `__Host-s=${o.cookie}`, Origin: o.url, 'X-CSRF-Token': csrf, 'Idempotency-Key': randomUUID(),
      ...(length ? { 'Content-Type': file ? 'text/csv' : 'application/json', 'Content-Length': length } : {}) } }, (r) => {
      let s = ''; r.on('data', (d) => { s += d; });
      r.on('end', () => { if (r.statusCode >= 300) fail(new Error(`${method} ${path}: ${r.statusCode} ${s}`)); else done(s ? JSON.parse(s) : null); });
    });
    rq.on('error', fail);
    if (file) createReadStream(file).pipe(rq); else rq.end(text);
  });
}
const memory = () => { most = Math.max(most, Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${o.pid}/status`, 'utf8'))?.[1] ?? 0)); };
const sleep = (ms) => new Promise((r) => { setTimeout(r, ms); });
const session = await call('GET', '/v1/session');
csrf = session.csrf ?? session.csrf_token;
async function stage(order, isOver) {
  const begun = performance.now();
  const given = await order();
  for (;;) {
    memory();
    if (await isOver(given)) return ((performance.now() - begun) / 1000).toFixed(1);
    await sleep(100);
  }
}
async function ended({ job_id }) {
  const job = await call('GET', `/v1/jobs/${job_id}`);
  if (job.state === 'FAILED' || job.state === 'CANCELLED') throw new Error(`job ${job.kind}: ${job.state} ${job.error ?? ''}`);
  return job.state === 'DONE';
}
const line = (await call('GET', '/v1/dictionary')).own_lines?.[0] ?? { brand_id: 1, line: 'NEW' };
let id;
const read = await stage(async () => { const made = await call('POST', `/v1/imports?name=bench&kind=client&brand_id=${line.brand_id}&line=${line.line}`, undefined, o.file); id = made.id; return made; }, ended);
await call('PUT', `/v1/imports/${id}/mapping`, { mapping: { surname: 0, given_name: 1, phone: 2, consent_evidence: 3 } });
const check = await stage(() => call('POST', `/v1/imports/${id}/check`), ended);
const run = o.run ? await stage(() => call('POST', `/v1/imports/${id}/run`), ended) : '-';
const { counts } = await call('GET', `/v1/imports/${id}`);
console.log(`${read} ${check} ${run} ${most} ${Object.entries(counts).map(([k, v]) => `${k}=${v}`).join(',')}`);
process.exit(0);
