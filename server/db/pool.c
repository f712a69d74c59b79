/* SPDX-License-Identifier: Apache-2.0
 * Lanes: who sends, who waits, who is refused, when a connection opens and closes. */
#include "db/pool.h"

#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/mem.h"
#include "db/pool_own.h"

enum {
    CROWD = 2,           /* calls for each connection of a lane: one runs, another stands behind */
    TICK_MS = 100,       /* watchdog while calls are under way                                  */
    IDLE_TICK_MS = 1000, /* watchdog otherwise                                                  */
    BACKOFF_FIRST_MS = 100,
    BACKOFF_MAX_MS = 1000,
    CONNECT_MS = 2000, /* handshake of a connection          */
};

static void dispatch(db_lane_t *lane);

/* --- connections ----------------------------------------------------------------------------- */

static bool is_any_up(const db_lane_t *lane)
{
    for (unsigned i = 0; i < lane->conn_count; i++)
        if (pgconn_state(lane->conns[i]) == PGCONN_READY)
            return true;
    return false;
}

static bool is_any_opening(const db_lane_t *lane)
{
    for (unsigned i = 0; i < lane->conn_count; i++)
        if (pgconn_state(lane->conns[i]) == PGCONN_CONNECTING)
            return true;
    return false;
}

/* The free connection with the fewest calls in flight. */
static pgconn_t *find_slot(const db_lane_t *lane)
{
    pgconn_t *best = NULL;
    for (unsigned i = 0; i < lane->conn_count; i++) {
        pgconn_t *conn = lane->conns[i];
        if (pgconn_has_slot(conn) && (!best || pgconn_in_flight(conn) < pgconn_in_flight(best)))
            best = conn;
    }
    return best;
}

/* Close the idle connection of another lane when the pool is at its cap. */
static bool make_room(db_pool_t *pool)
{
    if (pool->open < pool->conns_max)
        return true;
    for (unsigned u = 0; u < pool->user_count; u++)
        for (unsigned k = 0; k < DB_KINDS; k++) {
            db_lane_t *lane = &pool->lanes[u][k];
            for (unsigned i = 0; i < lane->conn_count && !lane->queued; i++)
                if (pgconn_state(lane->conns[i]) == PGCONN_READY &&
                    pgconn_in_flight(lane->conns[i]) == 0) {
                    pgconn_leave(lane->conns[i]);
                    return true;
                }
        }
    return false;
}

static void on_ready(void *ctx, pgconn_t *conn)
{
    (void)conn;
    db_lane_t *lane = ctx;
    lane->is_away = false;
    lane->backoff_ms = 0;
    dispatch(lane);
}

static void on_free_slot(void *ctx, pgconn_t *conn)
{
    (void)conn;
    db_lane_t *lane = ctx;
    if (lane->first)
        dispatch(lane);
}

static bool is_worth_retry(const db_call_t *call)
{
    if (!call->is_retryable || call->tries > 1 || call->outcome != DB_REFUSED)
        return false;
    return strcmp(call->sqlstate, "40001") == 0 || strcmp(call->sqlstate, "40P01") == 0 ||
           strcmp(call->sqlstate, "26000") == 0 || strcmp(call->sqlstate, "0A000") == 0;
}

static void on_call(void *ctx, pgconn_t *conn, db_call_t *call)
{
    (void)conn;
    db_lane_t *lane = ctx;
    lane->busy--;
    call->conn = NULL;
    call_set_state(call, DB_CALL_IDLE);
    if (is_worth_retry(call)) {
        lane_count(lane, DB_LANE_RETRIES, 1);
        db_call_clear(call);
        call->outcome = DB_OK;
        call->sqlstate[0] = 0;
        lane_queue_add(lane, call, true);
        dispatch(lane);
        return;
    }
    lane_show(lane);
    call_finish(call, call->outcome);
}

static void on_closed(void *ctx, pgconn_t *conn, const char *reason)
{
    (void)conn;
    db_lane_t *lane = ctx;
    lane->pool->open--;
    lane_count(lane, DB_LANE_OPEN, -1);
    bool is_planned = strcmp(reason, "left") == 0 || strcmp(reason, "stale") == 0;
    if (!is_planned) {
        lane_count(lane, DB_LANE_LOSSES, 1);
        /* full jitter, so that many lanes and nodes do not knock at the same moment */
        lane->backoff_ms = lane->backoff_ms ? lane->backoff_ms * 2 : BACKOFF_FIRST_MS;
        if (lane->backoff_ms > BACKOFF_MAX_MS)
            lane->backoff_ms = BACKOFF_MAX_MS;
        lane->pool->jitter = lane->pool->jitter * 6364136223846793005u + 1442695040888963407u;
        int64_t half_ms = lane->backoff_ms / 2;
        int64_t wait = half_ms + (int64_t)((lane->pool->jitter >> 33) % (uint64_t)(half_ms + 1));
        lane->retry_ms = (clock_mono_us() / 1000) + wait;
        lane->is_away = !is_any_up(lane) && !is_any_opening(lane);
    }
    lane_show(lane);
    if (lane->first && !lane->is_away)
        dispatch(lane);
}

static const pgconn_events_t conn_events = {on_ready, on_free_slot, on_call, on_closed};

static bool open_one(db_lane_t *lane)
{
    int64_t now_ms = (clock_mono_us() / 1000);
    if (now_ms < lane->retry_ms || !make_room(lane->pool))
        return false;
    pgconn_t *conn = NULL;
    for (unsigned i = 0; i < lane->conn_count && !conn; i++)
        if (pgconn_state(lane->conns[i]) == PGCONN_CLOSED)
            conn = lane->conns[i];
    if (!conn) {
        if (lane->conn_count >= lane->conns_max)
            return false;
        conn = pgconn_new(lane->pool->base, &lane->options, &conn_events, lane);
        lane->conns[lane->conn_count++] = conn;
    }
    lane->pool->open++;
    lane_count(lane, DB_LANE_OPEN, 1);
    if (pgconn_connect(conn, now_ms))
        return true;
    lane->pool->open--;
    lane_count(lane, DB_LANE_OPEN, -1);
    lane->retry_ms = now_ms + BACKOFF_MAX_MS;
    return false;
}

/* Send what waits while there is room, then open one more connection if something still waits. */
static void dispatch(db_lane_t *lane)
{
    int64_t now_ms = (clock_mono_us() / 1000);
    while (lane->first) {
        pgconn_t *conn = find_slot(lane);
        if (!conn)
            break;
        db_call_t *call = lane->first;
        lane_queue_remove(lane, call);
        call->tries++;
        call->sent_ms = now_ms;
        call->conn = conn;
        call_set_state(call, DB_CALL_SENT);
        lane->busy++;
        if (!pgconn_send(conn, call, now_ms)) {
            lane->busy--;
            call->conn = NULL;
            call->tries--;
            call_set_state(call, DB_CALL_IDLE);
            lane_queue_add(lane, call, true);
        }
    }
    if (lane->first && !is_any_opening(lane))
        open_one(lane);
    lane_show(lane);
}

/* --- watchdog -------------------------------------------------------------------------------- */

static void set_tick(db_pool_t *pool, int64_t ms)
{
    if (pool->tick_ms == ms)
        return;
    struct timeval period = {ms / 1000, (ms % 1000) * 1000};
    pool->tick_ms = ms;
    event_add(pool->tick, &period);
}

static void expire_queue(db_lane_t *lane, int64_t now_ms)
{
    for (db_call_t *call = lane->first, *next; call; call = next) {
        next = call->next;
        bool is_away = lane->is_away;
        if (!is_away && now_ms < call->deadline_ms && now_ms < call->queued_ms + DB_QUEUE_WAIT_MS)
            continue;
        lane_queue_remove(lane, call);
        bool is_down = is_away || !is_any_up(lane);
        lane_count(lane, is_down ? DB_LANE_REFUSED_AWAY : DB_LANE_REFUSED_BUSY, 1);
        call_finish(call, is_down ? DB_UNAVAILABLE : DB_BUSY);
        next = lane->first; /* done may have changed the queue: begin again */
    }
}

static void watch_conn(db_lane_t *lane, pgconn_t *conn, int64_t now_ms)
{
    pgconn_state_t state = pgconn_state(conn);
    if (state == PGCONN_CLOSED)
        return;
    if (state == PGCONN_CONNECTING) {
        if (now_ms > pgconn_since_ms(conn) + CONNECT_MS)
            pgconn_close(conn, "connect timeout");
        return;
    }
    for (unsigned i = 0; i < pgconn_in_flight(conn); i++) {
        db_call_t *call = pgconn_call_at(conn, i);
        if (call && now_ms >= call->deadline_ms) {
            call_detach(call);
            call_finish(call, DB_TIMEOUT);
        }
    }
    int64_t limit_ms = lane->options.statement_timeout_ms;
    int64_t sent_ms = pgconn_head_sent_ms(conn);
    /* a call waits behind those before it: the head may use its time only from when it became head
     */
    int64_t begun_ms = sent_ms > pgconn_since_ms(conn) ? sent_ms : pgconn_since_ms(conn);
    if (sent_ms && limit_ms && now_ms > begun_ms + limit_ms + DB_GRACE_MS)
        pgconn_close(conn, "silent");
    else if (!pgconn_in_flight(conn) && !lane->is_warm &&
             now_ms > pgconn_since_ms(conn) + DB_IDLE_MS)
        pgconn_leave(conn);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    db_pool_t *pool = arg;
    int64_t now_ms = (clock_mono_us() / 1000);
    bool is_active = false;
    for (unsigned u = 0; u < pool->user_count; u++)
        for (unsigned k = 0; k < DB_KINDS; k++) {
            db_lane_t *lane = &pool->lanes[u][k];
            expire_queue(lane, now_ms);
            for (unsigned i = 0; i < lane->conn_count; i++)
                watch_conn(lane, lane->conns[i], now_ms);
            if (lane->first && !is_any_opening(lane))
                dispatch(lane);
            if (lane->is_warm && !is_any_up(lane) && !is_any_opening(lane))
                open_one(lane);
            is_active |= lane->queued || lane->busy || (lane->is_warm && !is_any_up(lane));
        }
    set_tick(pool, is_active ? TICK_MS : IDLE_TICK_MS);
}

/* --- life ------------------------------------------------------------------------------------ */

db_pool_t *db_pool_new(struct event_base *base, const db_pool_options_t *options)
{
    db_pool_t *pool = mem_new(sizeof *pool);
    pool->base = base;
    pool->jitter = (uint64_t)clock_mono_us() ^ (uint64_t)(uintptr_t)pool;
    pool->conninfo = mem_copy(options->conninfo, strlen(options->conninfo));
    pool->application = mem_copy(options->application, strlen(options->application));
    pool->user_count = options->user_count;
    pool->conns_max = options->conns_max;
    pool->cancel = options->cancel;
    pool->cancel_ctx = options->cancel_ctx;
    for (unsigned u = 0; u < options->user_count; u++) {
        pool->users[u] = mem_copy(options->users[u], strlen(options->users[u]));
        for (unsigned k = 0; k < DB_KINDS; k++) {
            const db_kind_options_t *kind = &options->kinds[k];
            db_lane_t *lane = &pool->lanes[u][k];
            lane->pool = pool;
            lane->options = (pgconn_options_t){pool->conninfo, pool->users[u], pool->application,
                                               kind->statement_timeout_ms, kind->depth};
            lane->conns_max = kind->conns;
            lane->queue_max = kind->queue;
            lane->is_cancellable = k == DB_SLOW;
            lane->metrics = options->metrics ? &options->metrics[u * DB_KINDS + k] : NULL;
        }
    }
    pool->tick = event_new(base, -1, EV_PERSIST, on_tick, pool);
    set_tick(pool, IDLE_TICK_MS);
    return pool;
}

void db_pool_free(db_pool_t *pool)
{
    if (!pool)
        return;
    event_free(pool->tick);
    for (unsigned u = 0; u < pool->user_count; u++) {
        for (unsigned k = 0; k < DB_KINDS; k++)
            for (unsigned i = 0; i < pool->lanes[u][k].conn_count; i++)
                pgconn_free(pool->lanes[u][k].conns[i]);
        mem_free(pool->users[u]);
    }
    mem_free(pool->conninfo);
    mem_free(pool->application);
    mem_free(pool);
}

db_outcome_t db_pool_submit(db_pool_t *pool, unsigned user, db_kind_t kind, db_call_t *call)
{
    CHECK(user < pool->user_count && call->state == DB_CALL_IDLE && call->step_count > 0);
    db_lane_t *lane = &pool->lanes[user][kind];
    int64_t now_ms = (clock_mono_us() / 1000);
    call->lane = lane;
    call->outcome = DB_OK;
    call->queued_ms = now_ms;
    lane_count(lane, DB_LANE_CALLS, 1);
    if (lane->is_away && now_ms < lane->retry_ms) {
        lane_count(lane, DB_LANE_REFUSED_AWAY, 1);
        return DB_UNAVAILABLE;
    }
    if (lane->queued >= lane->queue_max) {
        lane_count(lane, DB_LANE_REFUSED_BUSY, 1);
        return DB_BUSY;
    }
    lane->is_away = false;
    lane_queue_add(lane, call, false);
    set_tick(pool, TICK_MS);
    dispatch(lane);
    return DB_OK;
}

void db_pool_keep_warm(db_pool_t *pool, unsigned user, db_kind_t kind)
{
    pool->lanes[user][kind].is_warm = true;
    open_one(&pool->lanes[user][kind]);
    set_tick(pool, TICK_MS);
}

bool db_pool_is_up(const db_pool_t *pool, unsigned user, db_kind_t kind)
{
    return is_any_up(&pool->lanes[user][kind]);
}

unsigned db_pool_crowd(const db_pool_t *pool)
{
    unsigned crowd = 0;
    for (unsigned u = 0; u < pool->user_count; u++) {
        const db_lane_t *fast = &pool->lanes[u][DB_FAST], *write = &pool->lanes[u][DB_WRITE];
        if (write->busy || write->queued)
            return 0; /* depth 1: its connection idles until its answer is read */
        unsigned calls = fast->busy + fast->queued;
        if (calls >= CROWD * fast->conns_max)
            crowd += calls;
    }
    return crowd;
}

void db_pool_recycle(db_pool_t *pool)
{
    for (unsigned u = 0; u < pool->user_count; u++)
        for (unsigned k = 0; k < DB_KINDS; k++)
            for (unsigned i = 0; i < pool->lanes[u][k].conn_count; i++)
                if (pgconn_state(pool->lanes[u][k].conns[i]) == PGCONN_READY)
                    pgconn_leave(pool->lanes[u][k].conns[i]);
}
