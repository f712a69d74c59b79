/* SPDX-License-Identifier: Apache-2.0
 * THE LIFE of one request: its phases in order, its waits, its one end.
 *
 *   route -> limit -> identity -> [body] -> args -> [call] -> [flush] -> [pad] -> reply
 *
 * A phase reads what earlier phases wrote and writes its own block of request_t. STEP_FAIL goes to
 * the error reply; request_end (stream on_end) is the only exit. A native handler stands in the
 * place of args and call: it is entered again after each of its waits, with `stage` where it left
 * it.
 *
 * Nobody sees an answer that a crash of PostgreSQL could take back: a write is on disk when its
 * call is answered (mode 'w'), or, on a padded route, when the flush after it is (mode 'p',
 * flush.h). */
#ifndef CLIENTELE_API_REQUEST_H
#define CLIENTELE_API_REQUEST_H

#include "api/args.h"
#include "api/flush.h"
#include "api/state.h"

typedef enum {
    STEP_NEXT, /* go on with the next phase */
    STEP_WAIT, /* a call, a body or a task is under way; entered again when it is done */
    STEP_FAIL, /* rq->error is set: answer it */
    STEP_DONE, /* the reply has been given or begun */
} step_t;

typedef struct request request_t;

/** Work on a thread of the pool for one request; may outlive it. */
typedef struct work {
    task_t task;
    request_t *rq;                   /* NULL once the request is gone */
    bool is_out;                     /* on the pool now */
    bool is_done;                    /* came back; the owner has not looked yet */
    void (*run)(struct work *work);  /* on the pool's thread */
    void (*drop)(struct work *work); /* release what it holds; then it is freed */
} work_t;

struct request {
    app_t *app;
    stream_t *stream;
    const http_request_t *http;
    arena_t *arena;
    lang_t lang;
    uint8_t phase;
    /* --- route --- */
    const route_t *route; /* NULL: an asset, or nothing */
    route_match_t match;
    /* --- identity --- */
    class_t class;
    bool has_secret;
    unsigned char secret[SECRET_BYTES];
    const char *link; /* UUID of a verified {link} */
    /* --- body --- */
    bool is_body_asked, is_body_here;
    str_t body; /* in memory */
    const char *upload_sha256;
    /* --- args --- */
    args_t args;
    bool is_bad; /* error holds what is wrong with them */
    const char *idem_key;
    /* --- call --- */
    db_call_t call;
    bool is_called, is_replay, is_recorded;
    int64_t called_us, db_us;
    unsigned stage; /* of a native handler */
    void *native;   /* what it keeps between stages; in the arena */
    work_t *work;   /* under way on the pool; NULL */
    /* --- flush, pad --- */
    bool is_unflushed; /* bound with 'p': what it wrote is not known to be on disk */
    flush_wait_t flush;
    bool is_held;              /* waits for its step of time (pad.h), or has waited */
    int64_t work_us, flush_us; /* of a padded route: before the flush; the flush */
    /* --- reply --- */
    bool is_failed; /* error is what it will say */
    int status;
    err_t error;
    str_t info, detail;
    int retry_after_s;
    void (*on_drain)(request_t *rq); /* of a streamed reply */
    void (*on_gone)(request_t *rq);  /* once, when the stream ends */
};

/** The stream events that drive it. */
extern const stream_events_t request_events;

/** How many requests stand behind each other for the database (stream_events_t). in: app - the
 * app_t */
size_t request_crowd(const void *app);

/** Whether the body is said to be XML. */
bool request_is_xml(const request_t *rq);

/** Set the error and fail. */
step_t request_fail(request_t *rq, err_code_t code);
step_t request_fail_field(request_t *rq, err_code_t code, const char *field);

/** Give rq->call to a lane; its steps are set. out: STEP_WAIT, or STEP_FAIL when refused at once */
step_t request_call(request_t *rq, class_t class, db_kind_t lane, int time_ms);

/** The bind step of this request.
 *  in:     mode 'r', 'a', 'w', 'e' for an export, which its opening makes read-only, or 'p': a
 * write whose commit does not wait for the disk, so that request_flush must; key and hash NULL
 *          without idempotency */
db_step_t request_bind(request_t *rq, char mode, const unsigned char *hash);

/** What the ledger calls the thing asked for: the first {parameter}, else of an audited read half a
 * hash of its filter, else NULL. In the request's arena. */
const char *request_subject(request_t *rq, bool is_audited);

/** A call of one statement without identity (sign-in), or of bind and one statement. */
step_t request_call_one(request_t *rq, class_t class, const db_statement_t *statement,
                        const db_params_t *params);
step_t request_call_bound(request_t *rq, char mode, const db_statement_t *statement,
                          const db_params_t *params);

/** Turn the outcome of a finished call into rq->error. out: false when it failed */
bool request_succeeded(request_t *rq);

/** Rows of the last step of the finished call. */
const db_rows_t *request_result(const request_t *rq);

/** Wait until what this request was told of its write, now or as a repeat, is on disk.
 *  out:    STEP_NEXT when it is, or when it was bound with another mode; STEP_WAIT; STEP_FAIL
 *          (UNAVAILABLE) when nobody can say: the write may have happened, a repeat with the same
 *          Idempotency-Key finds out */
step_t request_flush(request_t *rq);

/** Start work on the pool; request_t is entered again when it is done.
 *  in:     work from mem_new with run and drop set; owned from here on
 *  out:    STEP_WAIT, or STEP_FAIL (BUSY) when the pool is full (work was dropped) */
step_t request_work(request_t *rq, work_t *work);

/** Send the finished work to the pool once more. out: as request_work, but the work stays on
 * refusal */
step_t request_work_again(request_t *rq);

/** Release the finished work. */
void request_work_end(request_t *rq);

/** Enter the current phase again (a wait is over). */
void request_resume(request_t *rq);

/** The native handlers' table. */
step_t native_run(request_t *rq);

#endif
