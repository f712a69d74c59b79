// SPDX-License-Identifier: Apache-2.0
// Moves all rights of a dealer that ceases to three others: dry run, the router asks, the arbiter approves, the job works.
// out: "seconds moved stayed", from the approval to the end of the job.
import { parseArgs } from 'node:util';
import { caller, ended } from './call.mjs';

const { values: o } = parseArgs({ options: {
  url: { type: 'string' }, router: { type: 'string' }, arbiter: { type: 'string' }, from: { type: 'string' }, ca: { type: 'string' } } });
const router = await caller(o.url, o.router, o.ca), arbiter = await caller(o.url, o.arbiter, o.ca);
const { items } = await router('GET', '/v1/dealers?limit=100');
const targets = items.filter((d) => d.id !== o.from && d.is_active).slice(0, 3).map((d) => ({ dealer_id: d.id, share: 1 }));
const batch = await router('POST', '/v1/transfer-batches', { from_dealer_id: o.from, reason: 'dealer_terminated', is_ceasing: true, mode: 'shares', targets });
await router('POST', `/v1/transfer-batches/${batch.id}/ask`, { confirm_count: batch.counts.move });
const approval = (await arbiter('GET', '/v1/approvals?limit=100')).items.find((a) => a.subject === batch.id).id;
const begun = performance.now();
await arbiter('POST', `/v1/approvals/${approval}/approve`, {});
const { job_id: job } = await router('GET', `/v1/transfer-batches/${batch.id}`);
await ended(arbiter, job);
const seconds = (performance.now() - begun) / 1000;
const end = await router('GET', `/v1/transfer-batches/${batch.id}`);
if (end.state !== 'DONE') throw new Error(`the transfer ended ${end.state}`);
console.log(`${seconds.toFixed(1)} ${end.moved} ${end.stayed}`);
process.exit(0);
