/* SPDX-License-Identifier: Apache-2.0
 * Content-addressed files: keep and send. */
#include "api/files.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { PIECE_BYTES = 128 * 1024, PATH_BYTES = 4096 + 80 };

/* --- keeping --------------------------------------------------------------------------------- */

typedef struct {
    work_t work;
    int fd; /* our own duplicate of the spool */
    bool is_kept;
    char folder[PATH_BYTES], path[PATH_BYTES];
} keep_t;

static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static void keep_run(work_t *work)
{
    keep_t *keep = (keep_t *)work;
    char source[64];
    snprintf(source, sizeof source, "/proc/self/fd/%d", keep->fd);
    if (mkdir(keep->folder, 0700) != 0 && errno != EEXIST)
        return;
    if (fchmod(keep->fd, 0600) != 0 || fsync(keep->fd) != 0)
        return;
    int failure = linkat(AT_FDCWD, source, AT_FDCWD, keep->path, AT_SYMLINK_FOLLOW);
    if (failure && errno != EEXIST)
        return;
    sync_folder(keep->folder);
    keep->is_kept = true;
}

static void keep_drop(work_t *work)
{
    close(((keep_t *)work)->fd);
}

static step_t keep_start(request_t *rq)
{
    const body_t *body = stream_body(rq->stream);
    char hex[64];
    str_to_hex(body->sha256, 32, hex);
    keep_t *keep = MEM_NEW(keep_t);
    keep->work.run = keep_run;
    keep->work.drop = keep_drop;
    keep->fd = dup(body->fd);
    const char *root = worker_config(rq->app->worker)->files_dir;
    snprintf(keep->folder, sizeof keep->folder, "%s/%.2s", root, hex);
    snprintf(keep->path, sizeof keep->path, "%s/%.2s/%.64s", root, hex, hex);
    return request_work(rq, &keep->work);
}

step_t files_keep_upload(request_t *rq)
{
    if (!rq->is_body_here || stream_body(rq->stream)->length == 0)
        return request_fail_field(rq, ERR_MISSING_FIELD, "body");
    if (!rq->work)
        return keep_start(rq);
    keep_t *keep = (keep_t *)rq->work;
    bool is_kept = keep->is_kept;
    rq->upload_sha256 = arena_copy(rq->arena, str_n(keep->path + strlen(keep->path) - 64, 64)).ptr;
    request_work_end(rq);
    return is_kept ? STEP_NEXT : request_fail(rq, ERR_UNAVAILABLE);
}

/* --- sending --------------------------------------------------------------------------------- */

typedef struct {
    work_t work;
    int fd;
    bool is_open;   /* open was tried */
    bool is_broken; /* the bytes are not those of the name */
    int64_t at, length;
    ssize_t got;
    char path[PATH_BYTES];
    char piece[PIECE_BYTES];
} send_t;

/* A file is named by the SHA-256 of its bytes: one that was changed on the disk is never sent. */
static bool is_as_named(send_t *send)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char hash[32];
    char hex[64];
    int64_t at = 0;
    bool is_good = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    while (is_good && at < send->length) {
        ssize_t got = pread(send->fd, send->piece, sizeof send->piece, at);
        is_good = got > 0 && EVP_DigestUpdate(context, send->piece, (size_t)got) == 1;
        at += got;
    }
    is_good = is_good && EVP_DigestFinal_ex(context, hash, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (!is_good)
        return false;
    str_to_hex(hash, 32, hex);
    return memcmp(hex, send->path + strlen(send->path) - 64, 64) == 0;
}

static void send_run(work_t *work)
{
    send_t *send = (send_t *)work;
    struct stat status;
    if (!send->is_open) {
        send->is_open = true;
        send->fd = open(send->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (send->fd >= 0 && fstat(send->fd, &status) == 0)
            send->length = status.st_size;
        send->is_broken = send->fd >= 0 && !is_as_named(send);
    }
    if (send->fd >= 0)
        send->got = pread(send->fd, send->piece, sizeof send->piece, send->at);
}

static void send_drop(work_t *work)
{
    send_t *send = (send_t *)work;
    if (send->fd >= 0)
        close(send->fd);
}

static bool is_sha256(str_t text)
{
    unsigned char raw[32];
    return text.len == 64 && str_from_hex(text, raw);
}

/* Types that a browser may be told; everything else is only bytes. */
static str_t safe_type(str_t type)
{
    static const char *const safe[] = {"image/png",       "image/jpeg",      "image/gif",
                                       "image/webp",      "text/plain",      "text/csv",
                                       "application/pdf", "application/json"};
    for (size_t i = 0; i < sizeof safe / sizeof safe[0]; i++)
        if (str_eq_nocase(type, str_of(safe[i])))
            return str_of(safe[i]);
    return STR("application/octet-stream");
}

static void add_encoded(buf_t *out, str_t name)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
        if (is_plain) {
            buf_add_c(out, (char)c);
        } else {
            buf_add_c(out, '%');
            buf_add_c(out, hex[c >> 4]);
            buf_add_c(out, hex[c & 15]);
        }
    }
}

static void send_begin(request_t *rq, const send_t *send)
{
    const db_rows_t *result = request_result(rq);
    buf_t name = buf_make(4096);
    BUF_ADD(&name, "attachment; filename=\"file\"; filename*=UTF-8''");
    add_encoded(&name, db_text(result, 0, 1));
    http_header_t headers[] = {{STR("content-type"), safe_type(db_text(result, 0, 2))},
                               {STR("content-disposition"), arena_copy(rq->arena, buf_str(&name))}};
    buf_free(&name);
    rq->status = 200;
    stream_begin(rq->stream, 200, headers, 2, send->length);
}

static step_t send_start(request_t *rq)
{
    const db_rows_t *result = request_result(rq);
    str_t sha256 = db_text(result, 0, 0);
    if (!is_sha256(sha256))
        return request_fail(rq, ERR_NOT_FOUND);
    send_t *send = MEM_NEW(send_t);
    send->work.run = send_run;
    send->work.drop = send_drop;
    send->fd = -1;
    snprintf(send->path, sizeof send->path, "%s/%.2s/%.64s",
             worker_config(rq->app->worker)->files_dir, sha256.ptr, sha256.ptr);
    return request_work(rq, &send->work);
}

static void on_drain(request_t *rq)
{
    request_resume(rq);
}

step_t files_send(request_t *rq)
{
    if (!rq->work)
        return send_start(rq);
    send_t *send = (send_t *)rq->work;
    if (rq->work->is_done) { /* a piece has been read; else the peer has taken enough */
        if (send->fd < 0) {
            request_work_end(rq);
            return request_fail(rq, ERR_NOT_FOUND);
        }
        if (send->is_broken) {
            request_work_end(rq);
            return request_fail(rq, ERR_EVIDENCE_BROKEN);
        }
        if (rq->on_drain == NULL) {
            rq->on_drain = on_drain;
            send_begin(rq, send);
        }
        if (send->got < 0 || (send->got == 0 && send->at < send->length)) {
            stream_abort(rq->stream);
            return STEP_DONE;
        }
        send->at += send->got;
        bool is_room = stream_write(rq->stream, str_n(send->piece, (size_t)send->got));
        if (send->at >= send->length || rq->http->method == METHOD_HEAD) {
            stream_end(rq->stream);
            return STEP_DONE;
        }
        if (!is_room) {
            rq->work->is_done = false;
            return STEP_WAIT;
        }
    }
    return request_work_again(rq);
}
