/* SPDX-License-Identifier: Apache-2.0
 * Two blocks in turn: the loop fills one, the pool writes the other. */
#include "net/spool.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#define BLOCK_MAX_BYTES (SPOOL_BLOCK_BYTES + 128 * 1024)

struct spool {
    task_t task; /* first: the task's address is the spool's */
    pool_t *pool;
    port_t *reply;
    void (*progress)(void *argument);
    void *argument;
    buf_t filling; /* the loop's */
    buf_t writing; /* the pool's while is_busy */
    EVP_MD_CTX *digest;
    unsigned char sha256[32];
    int fd;
    bool has_write_failed; /* the pool's; read by the loop once task is done */
    bool is_busy;          /* the pool holds task and writing */
    bool is_finished;      /* no more bytes will be put */
    bool is_last;          /* the write under way is the last one */
    bool is_settled;
    bool is_failed;
    bool is_orphan; /* freed while busy */
};

/* Pool thread: write and hash one block; after the last one sync and close the hash. */
static void spool_work(task_t *task)
{
    spool_t *spool = (spool_t *)task;
    size_t at = 0;
    while (at < spool->writing.len && !spool->has_write_failed) {
        ssize_t n = write(spool->fd, spool->writing.ptr + at, spool->writing.len - at);
        if (n > 0) {
            at += (size_t)n;
        } else if (errno != EINTR) {
            spool->has_write_failed = true;
        }
    }
    spool->has_write_failed |=
        EVP_DigestUpdate(spool->digest, spool->writing.ptr, spool->writing.len) != 1;
    if (spool->is_last && !spool->has_write_failed) {
        spool->has_write_failed =
            EVP_DigestFinal_ex(spool->digest, spool->sha256, NULL) != 1 || fsync(spool->fd) != 0;
    }
}

static void spool_destroy(spool_t *spool)
{
    EVP_MD_CTX_free(spool->digest);
    buf_free(&spool->filling);
    buf_free(&spool->writing);
    (void)close(spool->fd);
    mem_free(spool);
}

/* Hand the filled block to the pool, if it is free and there is reason to. */
static void spool_push(spool_t *spool)
{
    bool is_due = spool->filling.len >= SPOOL_BLOCK_BYTES || spool->is_finished;
    if (spool->is_busy || !is_due || spool->is_settled) {
        return;
    }
    if (spool->is_failed) {
        spool->is_settled = spool->is_finished;
        return;
    }
    buf_t empty = spool->writing;
    spool->writing = spool->filling;
    spool->filling = empty;
    buf_reset(&spool->filling);
    spool->is_last = spool->is_finished;
    spool->is_busy = pool_submit(spool->pool, spool->reply, &spool->task);
    if (!spool->is_busy) { /* the pool is full: this upload gives way */
        spool->is_failed = true;
        spool->is_settled = spool->is_finished;
    }
}

/* Loop thread: a block is on disk. */
static void spool_done(task_t *task)
{
    spool_t *spool = (spool_t *)task;
    spool->is_busy = false;
    spool->is_failed |= spool->has_write_failed;
    if (spool->is_orphan) {
        spool_destroy(spool);
        return;
    }
    spool->is_settled = spool->is_last || (spool->is_failed && spool->is_finished);
    spool_push(spool);
    spool->progress(spool->argument);
}

spool_t *spool_new(pool_t *pool, port_t *reply, const char *folder,
                   void (*progress)(void *argument), void *argument)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    EVP_MD_CTX *digest = fd >= 0 ? EVP_MD_CTX_new() : NULL;
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(digest);
        if (fd >= 0) {
            (void)close(fd);
        }
        return NULL;
    }
    spool_t *spool = MEM_NEW(spool_t);
    *spool = (spool_t){.task = {.work = spool_work, .done = spool_done},
                       .pool = pool,
                       .reply = reply,
                       .progress = progress,
                       .argument = argument,
                       .filling = buf_make(BLOCK_MAX_BYTES),
                       .writing = buf_make(BLOCK_MAX_BYTES),
                       .digest = digest,
                       .fd = fd};
    return spool;
}

bool spool_has_room(const spool_t *spool)
{
    return spool->filling.len < SPOOL_BLOCK_BYTES;
}

void spool_put(spool_t *spool, str_t bytes)
{
    if (!spool->is_failed && !buf_add_str(&spool->filling, bytes)) {
        spool->is_failed = true;
    }
    spool_push(spool);
}

void spool_finish(spool_t *spool)
{
    if (!spool->is_finished) {
        spool->is_finished = true;
        spool_push(spool);
    }
}

bool spool_is_settled(const spool_t *spool)
{
    return spool->is_settled;
}

bool spool_is_failed(const spool_t *spool)
{
    return spool->is_failed;
}

int spool_fd(const spool_t *spool)
{
    return spool->fd;
}

const unsigned char *spool_sha256(const spool_t *spool)
{
    return spool->sha256;
}

void spool_free(spool_t *spool)
{
    if (spool && spool->is_busy) {
        spool->is_orphan = true;
    } else if (spool) {
        spool_destroy(spool);
    }
}
