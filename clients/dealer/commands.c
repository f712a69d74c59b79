/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enrol.h"
#include "pull.h"
#include "store.h"

/** Remove the slashes at the end of an address. */
static void set_address(char *to, size_t size, const char *address)
{
    size_t len = strlen(address);
    while (len > 0 && address[len - 1] == '/')
        len--;
    snprintf(to, size, "%.*s", (int)len, address);
}

/** Give the exchange address that belongs to a server's: the next port of the same host. */
static bool derive_exchange(const char *server, char *out, size_t size, fault_t *fault)
{
    const char *colon = strrchr(server, ':');
    uint64_t port;
    if (colon && str_to_u64(str_of(colon + 1), 65534, &port))
        snprintf(out, size, "%.*s:%llu", (int)(colon - server), server,
                 (unsigned long long)port + 1);
    else
        return fault_set(fault, EXIT_USAGE, "no port in %s; give --exchange URL", server);
    return true;
}

static bool read_code(const options_t *options, char *code, size_t size)
{
    snprintf(code, size, "%s", options->code);
    if (strcmp(code, "-") == 0 && !fgets(code, (int)size, stdin))
        code[0] = 0;
    code[strcspn(code, "\r\n")] = 0;
    return code[0] != 0;
}

bool command_enrol(const options_t *options, fault_t *fault)
{
    home_t home;
    char code[256];
    int days;
    if (!options->server || !options->code || !read_code(options, code, sizeof code))
        return fault_set(fault, EXIT_USAGE, "enrol needs --server URL and --code CODE");
    if (!home_open(&home, options->data, HOME_CHANGE, fault))
        return false;
    set_address(home.server, sizeof home.server, options->server);
    bool is_done = true;
    if (options->exchange)
        set_address(home.exchange, sizeof home.exchange, options->exchange);
    else
        is_done = derive_exchange(home.server, home.exchange, sizeof home.exchange, fault);
    is_done = is_done && enrol_with_code(&home, code, options->ca, fault) &&
              enrol_days_left(&home, &days, fault);
    if (is_done)
        printf("enrolled as %s; the certificate lasts %d days\n", home.dealer_name, days);
    home_close(&home);
    return is_done;
}

link_t *command_line(const home_t *home, fault_t *fault)
{
    char ca[HOME_PATH_BYTES];
    if (!home_is_enrolled(home)) {
        fault_set(fault, EXIT_USAGE, "%s is not enrolled; run enrol first", home->dir);
        return NULL;
    }
    home_path(home, "ca.pem", ca);
    return link_open(home, access(ca, R_OK) == 0 ? ca : NULL, fault);
}

bool command_waiting(spool_t *spool, const verdicts_t *verdicts, uint64_t *waiting, fault_t *fault)
{
    spool_record_t record;
    *waiting = 0;
    fault->status = EXIT_FINE;
    spool_seek(spool, verdicts_last(verdicts));
    while (spool_next(spool, &record, fault))
        (*waiting)++;
    return fault->status == EXIT_FINE;
}

bool command_pull(const options_t *options, fault_t *fault)
{
    static const char *const lists[] = {"tasks", "calls"};
    home_t home;
    char path[HOME_PATH_BYTES], address[64];
    if (!home_open(&home, options->data, HOME_CHANGE, fault))
        return false;
    const char *out = options->out ? options->out : home.dir;
    bool is_done = mkdir(out, 0700) == 0 || errno == EEXIST ||
                   fault_set(fault, EXIT_USAGE, "cannot make %s: %s", out, strerror(errno));
    link_t *link = is_done ? command_line(&home, fault) : NULL;
    is_done = link != NULL;
    for (int i = 0; is_done && i < 2; i++) {
        uint64_t count;
        snprintf(address, sizeof address, "/v1/exchange/%s", lists[i]);
        snprintf(path, sizeof path, "%s/%s.jsonl", out, lists[i]);
        is_done = pull_list(link, address, path, &count, fault);
        if (is_done)
            printf("%llu %s in %s\n", (unsigned long long)count, lists[i], path);
    }
    link_close(link);
    home_close(&home);
    return is_done;
}

static bool print_server_status(const home_t *home, fault_t *fault)
{
    reply_t reply;
    char sentence[400];
    link_t *link = command_line(home, fault);
    if (!link)
        return false;
    bool is_done = link_send(link, "/v1/exchange/status", NULL, NULL, &reply, fault);
    link_close(link);
    if (!is_done)
        return false;
    reply_sentence(&reply, sentence, sizeof sentence);
    if (reply.status != 200)
        is_done = fault_set(fault, EXIT_AWAY, "%s", sentence);
    else {
        char *text = json_dumps(reply.body, JSON_COMPACT);
        printf("server: %s\n", text ? text : "");
        free(text);
    }
    reply_free(&reply);
    return is_done;
}

static bool print_spool_status(const home_t *home, fault_t *fault)
{
    char path[HOME_PATH_BYTES];
    uint64_t waiting;
    home_path(home, "verdicts.jsonl", path);
    verdicts_t *verdicts = verdicts_open(path, true, fault);
    spool_t *spool = verdicts ? store_open(home, verdicts_last(verdicts), true, fault) : NULL;
    bool is_done = spool && command_waiting(spool, verdicts, &waiting, fault);
    if (is_done)
        printf("spool: source %s, last number %llu, answered up to %llu, %llu wait\n",
               spool_source(spool), (unsigned long long)spool_last(spool),
               (unsigned long long)verdicts_last(verdicts), (unsigned long long)waiting);
    spool_close(spool);
    verdicts_close(verdicts);
    return is_done;
}

bool command_status(const options_t *options, fault_t *fault)
{
    home_t home;
    int days;
    if (!home_open(&home, options->data, HOME_READ, fault))
        return false;
    bool is_enrolled = home_is_enrolled(&home) && enrol_days_left(&home, &days, fault);
    if (is_enrolled)
        printf("dealer: %s at %s; certificate: %d days left\n", home.dealer_name, home.exchange,
               days);
    else
        printf("not enrolled\n");
    bool is_done = print_spool_status(&home, fault);
    if (is_done && is_enrolled && !options->is_local)
        is_done = print_server_status(&home, fault);
    home_close(&home);
    return is_done;
}
