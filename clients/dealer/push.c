/* SPDX-License-Identifier: Apache-2.0 */
#include "push.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#define BATCH_ROWS   200
#define BATCH_BYTES  900000u
#define PAUSE_MAX_MS 30000

/** One row on its way. */
typedef struct {
    uint64_t seq;
    json_t *row;    /* {seq, kind, data}; NULL when the file's reader refused the row already */
    json_t *answer; /* {seq, verdict, ...} */
} item_t;

typedef struct {
    spool_t *spool;
    verdicts_t *verdicts;
    const push_world_t *world;
    bool (*is_stopping)(void);
    long wait_s;
    int64_t quota_left;
    item_t items[BATCH_ROWS];
    size_t count;
} push_t;

long push_wait_ms(long pause_ms, long told_s, long left_s, unsigned char random)
{
    if (left_s <= 0 || told_s >= left_s)
        return -1;
    /* a quarter up or down, so that dealers do not return at once; never before the time told */
    long own = pause_ms + pause_ms * (random - 128) / 512, told = told_s * 1000;
    long wait = own > told ? own : told + told / 4 * random / 256;
    return wait < left_s * 1000 ? wait : left_s * 1000;
}

static void pause_ms(push_t *push, long ms)
{
    while (ms > 0 && !push->is_stopping()) {
        long part = ms < 100 ? ms : 100;
        push->world->sleep_ms(push->world->own, part);
        ms -= part;
    }
}

/** Make the request and its key: the same rows give the same key, also after a kill. */
static char *request_of(const push_t *push, size_t from, size_t to, char *key)
{
    json_t *rows = json_array();
    for (size_t i = from; i < to; i++)
        if (push->items[i].row)
            json_array_append(rows, push->items[i].row);
    json_t *request = json_pack("{s:s, s:o}", "source", spool_source(push->spool), "rows", rows);
    char *text = json_dumps(request, JSON_COMPACT);
    json_decref(request);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    if (text && EVP_Digest(text, strlen(text), digest, &len, EVP_sha256(), NULL) == 1)
        str_to_hex(digest, 16, key);
    key[32] = 0;
    return text;
}

/** Tell the slug of a problem by the end of its type. */
static bool is_problem(const reply_t *reply, const char *slug)
{
    const char *type = json_string_value(json_object_get(reply->body, "type"));
    size_t type_len = type ? strlen(type) : 0, len = strlen(slug);
    return type_len >= len && strcmp(type + type_len - len, slug) == 0;
}

/** Tell whether the same request may succeed later. */
static bool is_passing(const reply_t *reply)
{
    return reply->status >= 500 || reply->status == 408 || is_problem(reply, "in-flight") ||
           (reply->status == 429 && !is_problem(reply, "push-quota"));
}

/** Send a request until a reply comes that is final, or the time is over. */
static bool send_stubbornly(push_t *push, const char *text, const char *key, reply_t *reply,
                            fault_t *fault)
{
    char sentence[400];
    const push_world_t *world = push->world;
    long long give_up = world->now_ms(world->own) + push->wait_s * 1000LL;
    for (long pause = 500;; pause = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS) {
        bool is_heard = world->send(world->own, text, key, reply, fault);
        if (is_heard && !is_passing(reply))
            return true;
        if (!is_heard && fault->status != EXIT_AWAY)
            return false;
        unsigned char random = 128;
        (void)!RAND_bytes(&random, 1);
        long left_s = (long)((give_up - world->now_ms(world->own)) / 1000);
        long wait = push_wait_ms(pause, is_heard ? reply->retry_after_s : 0, left_s, random);
        if (is_heard) {
            reply_sentence(reply, sentence, sizeof sentence);
            fault_set(fault, EXIT_AWAY, "%s", sentence);
            reply_free(reply);
        }
        if (wait < 0 || push->is_stopping())
            return false;
        pause_ms(push, wait);
    }
}

/** Give one row the refusal of its batch as its verdict. */
static void answer_refusal(item_t *item, const reply_t *reply)
{
    const char *type = json_string_value(json_object_get(reply->body, "type"));
    const char *slug = type && strrchr(type, '#') ? strrchr(type, '#') + 1 : type;
    char sentence[400];
    reply_sentence(reply, sentence, sizeof sentence);
    item->answer = json_pack("{s:I, s:s, s:s, s:s, s:O?, s:O?, s:O?}", "seq", (json_int_t)item->seq,
                             "verdict", "error", "code", slug ? slug : "refused", "error", sentence,
                             "rule", json_object_get(reply->body, "rule"), "field",
                             json_object_get(reply->body, "field"), "next",
                             json_object_get(reply->body, "next"));
}

static bool take_answers(push_t *push, size_t from, size_t to, const reply_t *reply, fault_t *fault)
{
    size_t i;
    json_t *answer;
    json_t *quota = json_object_get(reply->body, "quota_left");
    if (json_is_integer(quota))
        push->quota_left = json_integer_value(quota);
    json_array_foreach(json_object_get(reply->body, "items"), i, answer)
    {
        json_int_t seq = json_integer_value(json_object_get(answer, "seq"));
        for (size_t k = from; k < to; k++)
            if (push->items[k].seq == (uint64_t)seq && !push->items[k].answer)
                push->items[k].answer = json_incref(answer);
    }
    for (size_t k = from; k < to; k++)
        if (!push->items[k].answer)
            return fault_set(fault, EXIT_REFUSED, "the server gave no verdict for row %llu",
                             (unsigned long long)push->items[k].seq);
    return true;
}

/** Tell how many rows a refused batch may have today: what is left of the quota, 0 when it was
 * refused for anything else. */
static size_t quota_of(const reply_t *reply)
{
    const json_t *info = json_object_get(reply->body, "info");
    json_int_t left = json_integer_value(json_object_get(info, "quota_left"));
    return is_problem(reply, "push-quota") && left > 0 ? (size_t)left : 0;
}

static bool send_part(push_t *push, size_t from, size_t to, fault_t *fault)
{
    char key[33], sentence[400];
    reply_t reply;
    while (from < to && !push->items[from].row)
        from++;
    while (to > from && !push->items[to - 1].row)
        to--;
    if (from == to)
        return true;
    char *text = request_of(push, from, to, key);
    if (!text)
        return fault_set(fault, EXIT_DISK, "a spooled row is not JSON");
    bool is_done = send_stubbornly(push, text, key, &reply, fault);
    free(text);
    if (!is_done)
        return false;
    size_t quota = quota_of(&reply);
    bool is_spoilt = reply.status == 400 || reply.status == 413 || reply.status == 422;
    if (reply.status == 200)
        is_done = take_answers(push, from, to, &reply, fault);
    else if (is_spoilt && to - from == 1)
        answer_refusal(&push->items[from], &reply);
    else if (is_spoilt || (quota > 0 && quota < to - from)) {
        size_t middle = from + (is_spoilt ? (to - from) / 2 : quota);
        is_done = send_part(push, from, middle, fault) && send_part(push, middle, to, fault);
    } else {
        reply_sentence(&reply, sentence, sizeof sentence);
        is_done = fault_set(fault, reply.status == 429 ? EXIT_AWAY : EXIT_REFUSED, "%s", sentence);
    }
    reply_free(&reply);
    return is_done;
}

static void load_item(push_t *push, const spool_record_t *record)
{
    item_t *item = &push->items[push->count++];
    json_t *body = json_loadb(record->body.ptr, record->body.len, 0, NULL);
    json_t *error = json_object_get(body, "error");
    *item = (item_t){.seq = record->seq};
    if (!body || error)
        item->answer = json_pack("{s:I, s:s, s:s}", "seq", (json_int_t)record->seq, "verdict",
                                 "error", "code", error ? json_string_value(error) : "spool");
    else
        item->row = json_pack("{s:I, s:O, s:O*, s:O}", "seq", (json_int_t)record->seq, "kind",
                              json_object_get(body, "kind"), "at", json_object_get(body, "at"),
                              "data", json_object_get(body, "data"));
    json_decref(body);
}

/** Fill the batch with the first unanswered rows. */
static bool load_batch(push_t *push, fault_t *fault)
{
    spool_record_t record;
    size_t bytes = 0;
    push->count = 0;
    fault->status = EXIT_FINE;
    spool_seek(push->spool, verdicts_last(push->verdicts));
    while (push->count < BATCH_ROWS && bytes < BATCH_BYTES - SPOOL_BODY_BYTES &&
           spool_next(push->spool, &record, fault)) {
        load_item(push, &record);
        bytes += record.body.len;
    }
    return fault->status == EXIT_FINE;
}

static void count_verdict(push_summary_t *summary, const json_t *answer)
{
    const char *word = json_string_value(json_object_get(answer, "verdict"));
    size_t i = 0;
    if (!word)
        return;
    while (i < summary->verdict_count && strcmp(summary->verdicts[i].word, word) != 0)
        i++;
    if (i == PUSH_VERDICTS)
        return;
    if (i == summary->verdict_count)
        snprintf(summary->verdicts[summary->verdict_count++].word, sizeof summary->verdicts[i].word,
                 "%s", word);
    summary->verdicts[i].count++;
    const char *code = json_string_value(json_object_get(answer, "code"));
    summary->errors += strcmp(word, "error") == 0;
    summary->shared += code && strcmp(code, err_info(ERR_SEQUENCE)->sqlstate) == 0;
    summary->sent++;
}

/** Write down the answers of the rows before the first unanswered one. */
static bool keep_answers(push_t *push, push_summary_t *summary, fault_t *fault)
{
    for (size_t i = 0; i < push->count && push->items[i].answer; i++)
        if (!verdicts_add(push->verdicts, push->items[i].answer, fault))
            return false;
    if (!verdicts_sync(push->verdicts, fault))
        return false;
    for (size_t i = 0; i < push->count && push->items[i].answer; i++)
        count_verdict(summary, push->items[i].answer);
    return true;
}

static void drop_batch(push_t *push)
{
    for (size_t i = 0; i < push->count; i++) {
        json_decref(push->items[i].row);
        json_decref(push->items[i].answer);
    }
    push->count = 0;
}

bool push_through(spool_t *spool, verdicts_t *verdicts, const push_world_t *world, long wait_s,
                  bool (*is_stopping)(void), push_summary_t *summary, fault_t *fault)
{
    push_t push = {.spool = spool,
                   .verdicts = verdicts,
                   .world = world,
                   .is_stopping = is_stopping,
                   .wait_s = wait_s,
                   .quota_left = -1};
    *summary = (push_summary_t){.quota_left = -1};
    bool is_done = true;
    while (is_done && load_batch(&push, fault) && push.count > 0) {
        fault_t later = {0};
        is_done = send_part(&push, 0, push.count, fault);
        bool is_kept = keep_answers(&push, summary, is_done ? fault : &later);
        drop_batch(&push);
        is_done = is_done && is_kept;
        if (is_done && is_stopping())
            is_done = fault_set(fault, EXIT_AWAY, "stopped on request");
    }
    summary->quota_left = push.quota_left;
    return is_done && fault->status == EXIT_FINE;
}

static bool send_by_link(void *own, const char *body, const char *key, reply_t *reply,
                         fault_t *fault)
{
    return link_send(own, "/v1/exchange/rows", body, key, reply, fault);
}

static long long real_now_ms(void *own)
{
    struct timespec now;
    (void)own;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void real_sleep_ms(void *own, long ms)
{
    (void)own;
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

bool push_all(spool_t *spool, verdicts_t *verdicts, link_t *link, long wait_s,
              bool (*is_stopping)(void), push_summary_t *summary, fault_t *fault)
{
    push_world_t world = {send_by_link, real_now_ms, real_sleep_ms, link};
    return push_through(spool, verdicts, &world, wait_s, is_stopping, summary, fault);
}
