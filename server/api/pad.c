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

static void on_time(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    request_resume(argument);
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
    rq->work_us = clock_mono_us() - rq->http->begun_us;
    int left_ms = pad_left_ms(rq->work_us);
    struct timeval wait = {.tv_sec = 0, .tv_usec = left_ms * 1000};
    struct event *timer = evtimer_new(worker_base(rq->app->worker), on_time, rq);
    CHECK(timer);
    arena_own(rq->arena, timer, drop);
    CHECK(evtimer_add(timer, &wait) == 0);
    return true;
}
