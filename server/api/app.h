/* SPDX-License-Identifier: Apache-2.0
 * The application as main.c and the workers see it: load once, start per worker, stop. */
#ifndef CLIENTELE_API_APP_H
#define CLIENTELE_API_APP_H

#include "base/config.h"
#include "net/stream.h"
#include "net/worker.h"

typedef struct app_shared app_shared_t;
typedef struct app app_t;

/** Read the catalogue, prove that routes, grants and catalogue agree, load keys and assets.
 *  in:     config  held until app_unload
 *  out:    NULL stops the start; reason holds the list of differences (>= 4096 bytes advised)
 *  cost:   blocks, up to ten seconds while PostgreSQL starts */
app_shared_t *app_load(const config_t *config, char *reason, size_t reason_bytes);

/** Release; accepts NULL. No worker may run any more. */
void app_unload(app_shared_t *shared);

/** Make a worker's instance, on its thread, before it listens. */
app_t *app_start(app_shared_t *shared, worker_t *worker);

/** New settings are in force on this worker. */
void app_reload(app_t *app);

/** SIGTERM came: end event streams, refuse long work. */
void app_drain(app_t *app);

/** After the worker's last connection. */
void app_stop(app_t *app);

/** The events of a worker's streams. */
const stream_events_t *app_events(void);

/** Write the OpenAPI description of the running interface (for `--openapi`).
 *  out:    false with a reason when the database cannot be read or disagrees */
MUST_CHECK bool app_openapi(const config_t *config, buf_t *out, char *reason, size_t reason_bytes);

/** Modes of the binary that prepare data: each reads lines and appends one line for each.
 *  hash_passwords: PHC strings (Argon2id). seal_totp: base32 secrets to hex of the sealed form,
 * with the 64 hex digits of totp_key. out: false with a reason at the first line that cannot be
 * used */
MUST_CHECK bool app_hash_passwords(str_t lines, buf_t *out, char *reason, size_t reason_bytes);
MUST_CHECK bool app_seal_totp(str_t lines, str_t totp_key_hex, buf_t *out, char *reason,
                              size_t reason_bytes);

#endif
