/* SPDX-License-Identifier: Apache-2.0
 * The chunked transfer coding, decoding side: strict, resumable, pure.
 *
 * Extensions and trailers are checked against their grammar and dropped; both are bounded, so a
 * message cannot be kept alive by them. */
#ifndef CLIENTELE_HTTP_CHUNK_H
#define CLIENTELE_HTTP_CHUNK_H

#include "base/err.h"
#include "base/str.h"

#define CHUNK_OVERHEAD_BYTES 8192 /* extensions and trailers of one message, together */

/** State between calls; all zero begins a message. */
typedef struct {
    uint8_t state;
    uint8_t digits;
    bool is_last;
    uint32_t overhead;
    uint64_t left; /* payload bytes of the open chunk still to come */
} chunk_t;

/** Decode a step.
 *  in:     bytes    what has arrived and was not used yet
 *  out:    *used    bytes consumed (framing and payload)    *data  payload inside bytes, may be
 * empty *is_done the final CRLF was consumed; what follows belongs to the next message returns with
 * *used == bytes.len, or after one piece of payload, or when done errors: BAD_REQUEST source: RFC
 * 9112 7.1 */
MUST_CHECK err_t chunk_next(chunk_t *chunk, str_t bytes, size_t *used, str_t *data, bool *is_done);

#endif
