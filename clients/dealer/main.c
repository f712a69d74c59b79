/* SPDX-License-Identifier: Apache-2.0
 * clientele-dealer: the command line of a dealer's system. Options, help, signals. */
#include <curl/curl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

static const char HELP[] =
    "clientele-dealer [--data DIR] COMMAND\n"
    "\n"
    "  enrol --server URL --code CODE [--exchange URL] [--ca FILE]\n"
    "        get a certificate with the administrator's one-time code (CODE - reads it from "
    "stdin)\n"
    "  push [FILE ...] [--kind client|vehicle|repair_order|order_line|sale|odometer|lead]\n"
    "        [--map FILE] [--result FILE] [--offline] [--wait SECONDS] [--again]\n"
    "        spool the rows of CSV, XLSX, JSON lines and XML files (EnterpriseData, CommerceML,\n"
    "        ADF, plain), send what is spooled, write the verdicts\n"
    "  exchange --in DIR --out DIR [--map DIR] [--every SECONDS]\n"
    "        send the files a trade program drops into IN (clients*, cars*, sales*, orders*,\n"
    "        order-lines*, odometer*, leads*, exchange*), write verdicts, tasks and appointments\n"
    "        to OUT as 1C reads them\n"
    "  pull [--out DIR]\n"
    "        fetch own tasks and call lists (tasks.jsonl, calls.jsonl)\n"
    "  status [--local]\n"
    "        say what waits in the spool and what the server has accepted\n"
    "\n"
    "  --data DIR  key, certificate, spool; else $CLIENTELE_DEALER_DATA, else ~/.clientele-dealer\n"
    "  exit status: 0 fine, 1 usage, 2 some rows in error, 3 server away (run again), 4 disk,\n"
    "               5 refused\n";

static volatile sig_atomic_t stop_asked;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

static bool is_stopping(void)
{
    return stop_asked != 0;
}

static bool parse_options(int count, char **words, options_t *options)
{
    enum {
        DATA = 256,
        SERVER,
        EXCHANGE,
        CODE,
        CA,
        KIND,
        MAP,
        RESULT,
        OUT,
        WAIT,
        IN,
        EVERY,
        OFFLINE,
        AGAIN,
        LOCAL
    };
    static const struct option known[] = {{"data", required_argument, NULL, DATA},
                                          {"server", required_argument, NULL, SERVER},
                                          {"exchange", required_argument, NULL, EXCHANGE},
                                          {"code", required_argument, NULL, CODE},
                                          {"ca", required_argument, NULL, CA},
                                          {"kind", required_argument, NULL, KIND},
                                          {"map", required_argument, NULL, MAP},
                                          {"result", required_argument, NULL, RESULT},
                                          {"out", required_argument, NULL, OUT},
                                          {"wait", required_argument, NULL, WAIT},
                                          {"in", required_argument, NULL, IN},
                                          {"every", required_argument, NULL, EVERY},
                                          {"offline", no_argument, NULL, OFFLINE},
                                          {"again", no_argument, NULL, AGAIN},
                                          {"local", no_argument, NULL, LOCAL},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    uint64_t number;
    int word;
    while ((word = getopt_long(count, words, "h", known, NULL)) != -1) {
        const char **text = word == DATA       ? &options->data
                            : word == SERVER   ? &options->server
                            : word == EXCHANGE ? &options->exchange
                            : word == CODE     ? &options->code
                            : word == CA       ? &options->ca
                            : word == KIND     ? &options->kind
                            : word == MAP      ? &options->map
                            : word == RESULT   ? &options->result
                            : word == OUT      ? &options->out
                            : word == IN       ? &options->in
                                               : NULL;
        if (text)
            *text = optarg;
        else if (word == WAIT && str_to_u64(str_of(optarg), 1000000, &number))
            options->wait_s = (long)number;
        else if (word == EVERY && str_to_u64(str_of(optarg), 86400, &number))
            options->every_s = (long)number;
        else if (word == OFFLINE)
            options->is_offline = true;
        else if (word == AGAIN)
            options->is_again = true;
        else if (word == LOCAL)
            options->is_local = true;
        else
            return false;
    }
    return true;
}

/** Choose the data folder: option, environment, home. */
static const char *default_data(char *room, size_t size)
{
    const char *named = getenv("CLIENTELE_DEALER_DATA"), *own = getenv("HOME");
    snprintf(room, size, "%s%s",
             named ? named
             : own ? own
                   : ".",
             named ? "" : "/.clientele-dealer");
    return room;
}

static bool run(const char *command, const options_t *options, char **files, int count,
                fault_t *fault)
{
    if (strcmp(command, "push") == 0)
        return command_push(options, files, count, fault);
    if (count > 0)
        return fault_set(fault, EXIT_USAGE, "%s takes no file", command);
    if (strcmp(command, "enrol") == 0)
        return command_enrol(options, fault);
    if (strcmp(command, "pull") == 0)
        return command_pull(options, fault);
    if (strcmp(command, "exchange") == 0)
        return command_exchange(options, fault);
    if (strcmp(command, "status") == 0)
        return command_status(options, fault);
    return fault_set(fault, EXIT_USAGE, "unknown command %s; see --help", command);
}

int main(int count, char **words)
{
    char data[HOME_PATH_BYTES];
    options_t options = {.wait_s = 300, .is_stopping = is_stopping};
    fault_t fault = {EXIT_FINE, ""};
    if (!parse_options(count, words, &options) || optind >= count) {
        fputs(HELP, optind >= count && count > 1 ? stdout : stderr);
        return count > 1 && strcmp(words[count - 1], "--help") == 0 ? EXIT_FINE : EXIT_USAGE;
    }
    if (!options.data)
        options.data = default_data(data, sizeof data);
    struct sigaction stop = {.sa_handler = on_stop};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    bool is_done = run(words[optind], &options, words + optind + 1, count - optind - 1, &fault);
    curl_global_cleanup();
    if (!is_done)
        fprintf(stderr, "clientele-dealer: %s\n", fault.text);
    return (int)fault.status;
}
