/* SPDX-License-Identifier: Apache-2.0
 * Server-sent events of one worker: one poller reads new event rows, every open stream gets those
 * of its member of staff. Streams are bounded, beat every 15 s, resume by Last-Event-ID, and end
 * within a second when their session is revoked. */
#ifndef CLIENTELE_API_HUB_H
#define CLIENTELE_API_HUB_H

#include "api/state.h"

enum {
    HUB_STREAMS_MAX = 4096, /* of one worker */
    HUB_STREAMS_STAFF = 16, /* of one member of staff in a worker */
    HUB_POLL_MS = 250,
    HUB_BEAT_MS = 15000,
    HUB_BATCH = 500,
};

/** Make a hub for a worker's application. */
hub_t *hub_new(app_t *app);
/** Release; accepts NULL. Streams must have ended. */
void hub_free(hub_t *hub);
/** End every stream (drain). */
void hub_end_all(hub_t *hub);

#endif
