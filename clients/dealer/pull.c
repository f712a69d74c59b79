/* SPDX-License-Identifier: Apache-2.0 */
#include "pull.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGES_MAX 100000

static bool write_items(FILE *out, const json_t *items, uint64_t *count)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        char *line = json_dumps(item, JSON_COMPACT);
        bool is_written = line && fputs(line, out) >= 0 && fputc('\n', out) != EOF;
        free(line);
        if (!is_written)
            return false;
        (*count)++;
    }
    return true;
}

/** Make the address of a page. in: after - cursor or NULL. */
static void page_address(const char *address, const char *after, char *out, size_t size)
{
    char *escaped = after ? curl_easy_escape(NULL, after, 0) : NULL;
    snprintf(out, size, "%s?limit=100%s%s", address, escaped ? "&after=" : "",
             escaped ? escaped : "");
    curl_free(escaped);
}

/** Fetch one page and write it. out: next - cursor of the following page, empty at the end */
static bool pull_page(link_t *link, const char *address, FILE *out, char *next, size_t next_size,
                      uint64_t *count, fault_t *fault)
{
    char page[4096], sentence[400];
    reply_t reply;
    page_address(address, next[0] ? next : NULL, page, sizeof page);
    if (!link_send(link, page, NULL, NULL, &reply, fault))
        return false;
    const char *cursor = json_string_value(json_object_get(reply.body, "next"));
    bool is_done = reply.status == 200;
    reply_sentence(&reply, sentence, sizeof sentence);
    if (!is_done)
        fault_set(fault, reply.status >= 500 || reply.status == 429 ? EXIT_AWAY : EXIT_REFUSED,
                  "%s", sentence);
    else if (!write_items(out, json_object_get(reply.body, "items"), count))
        is_done = fault_set(fault, EXIT_DISK, "cannot write the list: %s", strerror(errno));
    snprintf(next, next_size, "%s", is_done && cursor ? cursor : "");
    reply_free(&reply);
    return is_done;
}

bool pull_list(link_t *link, const char *address, const char *path, uint64_t *count, fault_t *fault)
{
    char fresh[HOME_PATH_BYTES + 8], next[2048] = "";
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *out = fopen(fresh, "we");
    if (!out)
        return fault_set(fault, EXIT_DISK, "cannot write %s: %s", fresh, strerror(errno));
    *count = 0;
    bool is_done = true;
    for (int i = 0; is_done && i < PAGES_MAX && (i == 0 || next[0]); i++)
        is_done = pull_page(link, address, out, next, sizeof next, count, fault);
    bool is_safe = fflush(out) == 0 && fsync(fileno(out)) == 0;
    is_safe = fclose(out) == 0 && is_safe;
    if (is_done && !(is_safe && rename(fresh, path) == 0 && home_sync_folder(path)))
        is_done = fault_set(fault, EXIT_DISK, "cannot write %s: %s", path, strerror(errno));
    if (!is_done)
        unlink(fresh);
    return is_done;
}
