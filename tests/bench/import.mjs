// SPDX-License-Identifier: Apache-2.0
// Uploads a list of clients, maps it, tries it, and brings it in when --run is given.
// out: "read_s check_s run_s most_server_kib verdicts": from the order of each stage to its end
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { caller, sleep } from './call.mjs';

const { values: o } = parseArgs({ options: {
  url: { type: 'string' }, cookie: { type: 'string' }, ca: { type: 'string' }, file: { type: 'string' }, pid: { type: 'string' }, run: { type: 'boolean' } } });
const call = await caller(o.url, o.cookie, o.ca);
let most = 0;
const memory = () => { most = Math.max(most, Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${o.pid}/status`, 'utf8'))?.[1] ?? 0)); };
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
