// SPDX-License-Identifier: Apache-2.0
// Bytes as they are, over TLS or without: for parsers, slow clients and refusals below HTTP.
import tls from 'node:tls'
import net from 'node:net'
import { CA, HOST, PORT } from './network.mjs'
import { ownAddress } from './http.mjs'

/** Open a TLS connection. out: socket with .received (Buffer so far) and .ended (promise of 'end' | 'error: ...') */
export function connect({ port = PORT, alpn = ['http/1.1'], address = ownAddress(), ...options } = {}) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: '127.0.0.1', port, servername: HOST, ca: CA, ALPNProtocols: alpn, localAddress: address, ...options },
      () => resolve(socket))
    collect(socket)
    socket.once('error', reject)
  })
}

/** Open a plain TCP connection. */
export function connectPlain(port, address = ownAddress()) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress: address }, () => resolve(socket))
    collect(socket)
    socket.once('error', reject)
  })
}

function collect(socket) {
  socket.received = Buffer.alloc(0)
  socket.on('data', (chunk) => { socket.received = Buffer.concat([socket.received, chunk]) })
  socket.ended = new Promise((resolve) => {
    socket.on('end', () => resolve('end'))
    socket.on('error', (error) => resolve(`error: ${error.code}`))
    socket.on('close', () => resolve('close'))
  })
}

/** Send bytes and wait until the server closes or falls silent. out: {text, isClosed} */
export async function exchange(bytes, { quiet_ms = 400, limit_ms = 8000, ...options } = {}) {
  const socket = await connect(options)
  socket.write(bytes)
  const begun = Date.now()
  let seen = -1, isClosed = false
  socket.ended.then(() => { isClosed = true })
  while (!isClosed && Date.now() - begun < limit_ms && socket.received.length !== seen) {
    seen = socket.received.length
    await Promise.race([socket.ended, new Promise((resolve) => setTimeout(resolve, seen === 0 ? quiet_ms * 2 : quiet_ms))])
  }
  socket.destroy()
  return { text: socket.received.toString('latin1'), isClosed }
}

/** Statuses of all replies in what one connection received. */
export const statuses = (text) => [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((m) => Number(m[1]))
