/* SPDX-License-Identifier: Apache-2.0
 * One timer for one held answer. */
#include "api/pad.h"

#include <event2/event.h>

#include "base/check.h"
#include "base/clock.h"

int pad_left_ms(int64_t spent_us)
{
    int64_t step_us = (int64_t)PAD_STEP_MS * 1000;
    int64_t over_us = spent_us % step_us;
    return (int)((step_us - over_us + 999) / 1000);
}

typedef struct {
    request_t *rq;
    struct event *timer;
    int64_t due_us;
} pad_t;

static void arm(pad_t *pad, int64_t left_us)
{
    struct timeval wait = {.tv_sec = left_us / 1000000, .tv_usec = left_us % 1000000};
    CHECK(evtimer_add(pad->timer, &wait) == 0);
}

/* The loop counts from the beginning of its turn and by a coarse clock, so a timer comes up to some
 * milliseconds early, and by how much depends on the work: never answer before the step. */
static void on_time(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    pad_t *pad = argument;
    int64_t left_us = pad->due_us - clock_mono_us();
    if (left_us > 0)
        arm(pad, left_us);
    else
        request_resume(pad->rq);
}

static void drop(void *timer)
{
    event_free(timer);
}

bool pad_hold(request_t *rq)
{
    if (!rq->route || !(rq->route->flags & FLAG_PAD) || rq->is_held)
        return false;
    rq->is_held = true;
    int64_t spent_us = clock_mono_us() - rq->http->begun_us;
    if (!rq->work_us) /* refused: nothing was to be flushed */
        rq->work_us = spent_us;
    pad_t *pad = ARENA_NEW(rq->arena, pad_t);
    int64_t left_us = (int64_t)pad_left_ms(spent_us) * 1000;
    *pad = (pad_t){.rq = rq, .due_us = rq->http->begun_us + spent_us + left_us};
    pad->timer = evtimer_new(worker_base(rq->app->worker), on_time, pad);
    CHECK(pad->timer);
    arena_own(rq->arena, pad->timer, drop);
    arm(pad, left_us);
    return true;
}
