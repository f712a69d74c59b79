/* SPDX-License-Identifier: Apache-2.0
 * The metrics page on a plain loopback listener: GET /metrics, /livez, /readyz. */
#ifndef CLIENTELE_NET_METRICS_H
#define CLIENTELE_NET_METRICS_H

#include "net/stream.h"

typedef struct {
    /** Tell whether the process can serve; called on the listener's thread. */
    bool (*is_ready)(void *argument);
    /** Bring gauges up to date before they are written; may be NULL. */
    void (*refresh)(void *argument);
    void *argument;
} metrics_page_t;

/** Events for a worker whose application is a metrics_page_t. */
const stream_events_t *metrics_events(void);

#endif
