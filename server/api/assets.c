/* SPDX-License-Identifier: Apache-2.0
 * Files of the web client in memory. */
#include "api/assets.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 2048, DEPTH_MAX = 8 };

typedef enum { CODING_PLAIN, CODING_BR, CODING_GZIP, CODING_COUNT } coding_t;

typedef struct {
    str_t path; /* "/assets/app-1a2b.js" */
    str_t type;
    str_t bytes[CODING_COUNT];
    str_t etag[CODING_COUNT];
    bool is_immutable, is_page;
} file_t;

struct assets {
    arena_t *arena;
    file_t files[FILES_MAX];
    unsigned count;
    size_t bytes;
    const char *failure;
};

static const struct {
    const char *suffix, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webmanifest", "application/manifest+json"},
    {".json", "application/json"},
    {".txt", "text/plain; charset=utf-8"},
    {".woff2", "font/woff2"},
};

/* What the client's pages may load and do. source: web client requirements, part 5 */
#define PAGE_POLICY                                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "                  \
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "             \
    "trusted-types svelte-trusted-html"

static bool ends(str_t text, const char *suffix)
{
    size_t len = strlen(suffix);
    return text.len > len && memcmp(text.ptr + text.len - len, suffix, len) == 0;
}

static str_t type_of(str_t path)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (ends(path, types[i].suffix))
            return str_of(types[i].type);
    return STR("application/octet-stream");
}

static file_t *find(const assets_t *assets, str_t path)
{
    for (unsigned i = 0; i < assets->count; i++)
        if (str_eq(assets->files[i].path, path))
            return (file_t *)(uintptr_t)&assets->files[i];
    return NULL;
}

static str_t read_file(assets_t *assets, int folder, const char *name)
{
    struct stat status;
    str_t none = {NULL, 0};
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0 ||
        (size_t)status.st_size + assets->bytes > ASSETS_BYTES_MAX) {
        assets->failure = "assets_dir: a file cannot be read, or all are too large";
        if (fd >= 0)
            close(fd);
        return none;
    }
    size_t len = (size_t)status.st_size;
    char *bytes = arena_alloc(assets->arena, len + 1);
    ssize_t got = len ? read(fd, bytes, len) : 0;
    close(fd);
    if (got < 0 || (size_t)got != len)
        assets->failure = "assets_dir: a file changed while it was read";
    assets->bytes += len;
    return str_n(bytes, len);
}

static void add_file(assets_t *assets, int folder, const char *name, str_t path)
{
    coding_t coding = ends(path, ".br")   ? CODING_BR
                      : ends(path, ".gz") ? CODING_GZIP
                                          : CODING_PLAIN;
    str_t plain = str_n(path.ptr, path.len - (coding ? 3 : 0));
    file_t *file = find(assets, plain);
    if (!file) {
        if (assets->count >= FILES_MAX) {
            assets->failure = "assets_dir: too many files";
            return;
        }
        file = &assets->files[assets->count++];
        file->path = arena_copy(assets->arena, plain);
        file->type = type_of(file->path);
        file->is_immutable = str_starts(file->path, STR("/assets/"));
        file->is_page = ends(file->path, ".html");
    }
    file->bytes[coding] = read_file(assets, folder, name);
    unsigned char hash[32];
    char hex[32];
    EVP_Digest(file->bytes[coding].ptr, file->bytes[coding].len, hash, NULL, EVP_sha256(), NULL);
    str_to_hex(hash, 16, hex);
    file->etag[coding] = arena_printf(assets->arena, "\"%.32s\"", hex);
}

/* Depth is bounded, so is the recursion. */
static void walk(assets_t *assets, int fd, str_t prefix, unsigned depth)
{
    DIR *folder = fd < 0 || depth > DEPTH_MAX ? NULL : fdopendir(fd);
    if (!folder) {
        assets->failure = "assets_dir: a folder cannot be read";
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry; !assets->failure && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        str_t path =
            arena_printf(assets->arena, "%.*s/%s", (int)prefix.len, prefix.ptr, entry->d_name);
        struct stat status;
        if (fstatat(fd, entry->d_name, &status, 0) != 0)
            assets->failure = "assets_dir: a file cannot be read";
        else if (S_ISDIR(status.st_mode))
            walk(assets, openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path,
                 depth + 1);
        else if (S_ISREG(status.st_mode))
            add_file(assets, fd, entry->d_name, path);
    }
    closedir(folder);
}

static int compare(const void *a, const void *b)
{
    const file_t *left = a, *right = b;
    size_t len = left->path.len < right->path.len ? left->path.len : right->path.len;
    int order = memcmp(left->path.ptr, right->path.ptr, len);
    return order ? order : (left->path.len > right->path.len) - (left->path.len < right->path.len);
}

assets_t *assets_load(arena_t *arena, const char *folder, char *reason, size_t reason_bytes)
{
    assets_t *assets = ARENA_NEW(arena, assets_t);
    assets->arena = arena;
    if (!*folder)
        return assets;
    walk(assets, open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), STR(""), 0);
    if (assets->failure) {
        snprintf(reason, reason_bytes, "%s\n", assets->failure);
        return NULL;
    }
    qsort(assets->files, assets->count, sizeof assets->files[0], compare);
    return assets;
}

static const file_t *search(const assets_t *assets, str_t path)
{
    file_t key = {.path = path};
    return assets->count ? bsearch(&key, assets->files, assets->count, sizeof key, compare) : NULL;
}

/* A page of the client: its own router shows it. */
static bool is_client_page(const http_request_t *http)
{
    return str_find(http->path, '.') == http->path.len &&
           !str_starts(http->path, STR("/assets/")) && !str_starts(http->path, STR("/u/")) &&
           http_header_has(http_header(http, STR("accept")), STR("text/html"));
}

static coding_t choose(const file_t *file, str_t accepted)
{
    if (file->bytes[CODING_BR].ptr && http_header_has(accepted, STR("br")))
        return CODING_BR;
    if (file->bytes[CODING_GZIP].ptr && http_header_has(accepted, STR("gzip")))
        return CODING_GZIP;
    return CODING_PLAIN;
}

bool assets_answer(const assets_t *assets, stream_t *stream, int *status)
{
    const http_request_t *http = stream_request(stream);
    str_t path = str_eq(http->path, STR("/")) ? STR("/index.html") : http->path;
    const file_t *file = search(assets, path);
    if (!file && is_client_page(http))
        file = search(assets, STR("/index.html"));
    if (!file)
        return false;
    coding_t coding = choose(file, http_header(http, STR("accept-encoding")));
    if (!file->bytes[coding].ptr)
        return false;
    http_header_t headers[8];
    size_t count = 0;
    headers[count++] = (http_header_t){STR("content-type"), file->type};
    headers[count++] = (http_header_t){STR("etag"), file->etag[coding]};
    headers[count++] = (http_header_t){STR("vary"), STR("accept-encoding")};
    headers[count++] = (http_header_t){
        STR("cache-control"),
        file->is_immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache")};
    if (coding != CODING_PLAIN)
        headers[count++] =
            (http_header_t){STR("content-encoding"), coding == CODING_BR ? STR("br") : STR("gzip")};
    if (file->is_page)
        headers[count++] = (http_header_t){STR("content-security-policy"), STR(PAGE_POLICY)};
    bool is_known = str_eq(str_trim(http_header(http, STR("if-none-match"))), file->etag[coding]);
    *status = is_known ? 304 : 200;
    stream_reply_ref(stream, *status, headers, count, is_known ? STR("") : file->bytes[coding],
                     NULL, NULL);
    return true;
}
