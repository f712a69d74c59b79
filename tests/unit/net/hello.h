/* SPDX-License-Identifier: Apache-2.0
 * A small application on the stream boundary, for tests of net/ and for measuring it alone.
 *
 *   GET  /hello        "hello\n", by reference
 *   GET  /large        8 MiB by reference           GET /copied  200 KB, copied
 *   GET  /pieces       4 MiB by stream_write, obeying back-pressure
 *   GET  /later        answered from a timer after 20 ms
 *   GET  /never        answered never (the peer's leaving is counted)
 *   GET  /torn         100 bytes of a body, then abort
 *   POST /echo         the body back, at most 1 MiB
 *   POST /refuse       401 before the body
 *   POST /spool        the body's length and SHA-256, through a file
 *   GET  /head         method, path, query, host, listener, spki as text */
#ifndef TESTS_UNIT_NET_HELLO_H
#define TESTS_UNIT_NET_HELLO_H

#include "net/worker.h"

#include <stdatomic.h>

typedef struct {
    worker_t *worker;
    char *large;
    _Atomic int requests;
    _Atomic int complete;
    _Atomic int gone;
} hello_t;

#define HELLO_LARGE_BYTES  (8 * 1024 * 1024)
#define HELLO_PIECES_BYTES (4 * 1024 * 1024)

void hello_init(hello_t *hello, worker_t *worker);
void hello_free(hello_t *hello);
const stream_events_t *hello_events(void);

#endif
