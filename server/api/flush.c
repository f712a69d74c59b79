/* SPDX-License-Identifier: Apache-2.0
 * Two lists and one call: who waits for the next flush, who is covered by the one under way. */
#include "api/flush.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/mem.h"

struct flush {
    db_pool_t *pool;
    unsigned user;
    const db_statement_t *statement;
    struct event *timer;
    flush_wait_t *waiting, *covered;
    db_call_t call;
    bool is_under_way, is_due; /* due: the timer will begin the next */
    int64_t begun_us;
};

static void list(flush_wait_t **head, flush_wait_t *wait)
{
    wait->next = *head;
    wait->link = head;
    if (wait->next)
        wait->next->link = &wait->next;
    *head = wait;
}

void flush_leave(flush_wait_t *wait)
{
    if (!wait->link)
        return;
    *wait->link = wait->next;
    if (wait->next)
        wait->next->link = wait->link;
    wait->next = NULL;
    wait->link = NULL;
}

static void settle(flush_t *flush, bool is_safe)
{
    while (flush->covered) {
        flush_wait_t *wait = flush->covered;
        flush_leave(wait);
        wait->done(wait, is_safe);
    }
}

/* The timer serves what is due at once as well: those who come in this turn of the loop share it.
 */
static void plan(flush_t *flush)
{
    if (flush->is_under_way || flush->is_due || !flush->waiting)
        return;
    flush->is_due = true;
    int64_t left_us = flush->begun_us + FLUSH_SPACE_MS * 1000 - clock_mono_us();
    if (left_us <= 0) {
        event_active(flush->timer, EV_TIMEOUT, 0);
        return;
    }
    struct timeval wait = {.tv_sec = 0, .tv_usec = left_us};
    CHECK(evtimer_add(flush->timer, &wait) == 0);
}

static void on_done(db_call_t *call)
{
    flush_t *flush = call->owner;
    bool is_safe = call->outcome == DB_OK;
    flush->is_under_way = false;
    db_call_clear(call);
    settle(flush, is_safe);
    plan(flush);
}

static void on_due(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    flush_t *flush = argument;
    flush->is_due = false;
    if (!flush->waiting)
        return; /* they have left */
    flush->covered = flush->waiting;
    flush->covered->link = &flush->covered;
    flush->waiting = NULL;
    flush->begun_us = clock_mono_us();
    flush->call = (db_call_t){.owner = flush, .done = on_done, .step_count = 1};
    flush->call.steps[0] = (db_step_t){.statement = flush->statement};
    flush->call.is_retryable = true;
    flush->call.deadline_ms = flush->begun_us / 1000 + FLUSH_MS;
    flush->is_under_way = db_pool_submit(flush->pool, flush->user, DB_WRITE, &flush->call) == DB_OK;
    if (!flush->is_under_way)
        settle(flush, false);
}

flush_t *flush_new(struct event_base *base, db_pool_t *pool, unsigned user,
                   const db_statement_t *statement)
{
    flush_t *flush = MEM_NEW(flush_t);
    flush->pool = pool;
    flush->user = user;
    flush->statement = statement;
    flush->timer = evtimer_new(base, on_due, flush);
    CHECK(flush->timer);
    return flush;
}

void flush_free(flush_t *flush)
{
    if (!flush)
        return;
    CHECK(!flush->waiting && !flush->covered);
    db_call_abandon(&flush->call);
    event_free(flush->timer);
    mem_free(flush);
}

void flush_join(flush_t *flush, flush_wait_t *wait)
{
    CHECK(!wait->link);
    list(&flush->waiting, wait);
    plan(flush);
}
