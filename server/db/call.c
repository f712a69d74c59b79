/* SPDX-License-Identifier: Apache-2.0
 * Places and ends of a call: the queue of its lane, the ring of a connection, its owner. */
#include "db/call.h"

#include "base/check.h"
#include "db/message.h"
#include "db/pool_own.h"

void call_set_state(db_call_t *call, db_call_state_t state)
{
    CHECK(call->state != state);
    call->state = state;
}

void lane_queue_add(db_lane_t *lane, db_call_t *call, bool is_first)
{
    call_set_state(call, DB_CALL_QUEUED);
    call->next = is_first ? lane->first : NULL;
    call->prev = is_first ? NULL : lane->last;
    if (call->prev)
        call->prev->next = call;
    else
        lane->first = call;
    if (call->next)
        call->next->prev = call;
    else
        lane->last = call;
    lane->queued++;
}

void lane_queue_remove(db_lane_t *lane, db_call_t *call)
{
    if (call->prev)
        call->prev->next = call->next;
    else
        lane->first = call->next;
    if (call->next)
        call->next->prev = call->prev;
    else
        lane->last = call->prev;
    call->next = call->prev = NULL;
    lane->queued--;
    call_set_state(call, DB_CALL_IDLE);
}

db_rows_t *db_call_take(db_call_t *call, unsigned step)
{
    db_rows_t *result = call->results[step];
    call->results[step] = NULL;
    return result;
}

const char *db_call_field(const db_call_t *call, int field)
{
    const char *text = message_field(buf_str(&call->error), field);
    return text ? text : "";
}

void db_call_clear(db_call_t *call)
{
    for (unsigned i = 0; i < DB_STEPS_MAX; i++) {
        db_rows_free(call->results[i]);
        call->results[i] = NULL;
    }
    buf_free(&call->error);
}

void call_finish(db_call_t *call, db_outcome_t outcome)
{
    call->outcome = outcome;
    if (outcome == DB_TIMEOUT)
        lane_count(call->lane, DB_LANE_TIMEOUTS, 1);
    call->done(call);
}

/* The call left the ring without an answer it could keep: forget it there. */
void call_detach(db_call_t *call)
{
    db_lane_t *lane = call->lane;
    pgconn_t *conn = call->conn;
    bool is_cancelled = false;
    call->conn = NULL;
    lane->busy--;
    call_set_state(call, DB_CALL_IDLE);
    lane_show(lane);
    if (lane->is_cancellable && lane->pool->cancel) {
        PGcancel *handle = pgconn_cancel_handle(conn);
        if (handle)
            lane->pool->cancel(lane->pool->cancel_ctx, handle);
        is_cancelled = handle != NULL;
    }
    pgconn_forget(conn, call);
    if (is_cancelled)
        pgconn_leave(conn); /* the cancel may arrive late: nobody else may run here */
}

void db_call_abandon(db_call_t *call)
{
    call->is_abandoned = true;
    if (call->state == DB_CALL_QUEUED) {
        lane_queue_remove(call->lane, call);
        lane_show(call->lane);
    } else if (call->state == DB_CALL_SENT)
        call_detach(call);
    db_call_clear(call);
}

void db_call_resume(db_call_t *call)
{
    if (call->state == DB_CALL_SENT)
        pgconn_resume(call->conn);
}
