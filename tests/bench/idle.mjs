// SPDX-License-Identifier: Apache-2.0
// Open TLS connections and hold them idle until killed; says "ready" when all are up.
import { connect } from 'node:tls';
import { parseArgs } from 'node:util';

const { values: o } = parseArgs({ options: { port: { type: 'string' }, count: { type: 'string' } } });
const sockets = [];
const open = () => new Promise((done, fail) => {
  const s = connect({ host: '127.0.0.1', port: Number(o.port), servername: 'localhost', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }, done);
  s.on('error', fail);
  sockets.push(s);
});
for (let left = Number(o.count); left > 0; left -= 50) await Promise.all(Array.from({ length: Math.min(50, left) }, open));
console.log('ready');
setInterval(() => {}, 1000);
