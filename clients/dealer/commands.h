/* SPDX-License-Identifier: Apache-2.0
 * What each word of the command line does, and what it prints. */
#ifndef CLIENTELE_DEALER_COMMANDS_H
#define CLIENTELE_DEALER_COMMANDS_H

#include "link.h"
#include "spool.h"
#include "verdicts.h"

/** The options as given; NULL where absent. */
typedef struct {
    const char *data, *server, *exchange, *code, *ca, *kind, *map, *result, *in, *out;
    long wait_s, every_s;
    bool is_offline, is_again, is_local;
    bool (*is_stopping)(void); /* a signal asked for the end */
} options_t;

/** Get a certificate. errors: as enrol_with_code, EXIT_USAGE */
MUST_CHECK bool command_enrol(const options_t *options, fault_t *fault);

/** Spool files and send the spool. out: true with fault->status EXIT_ROWS when rows are in error.
 *  errors: as store_file and push_all */
MUST_CHECK bool command_push(const options_t *options, char **files, int count, fault_t *fault);

/** Fetch tasks and call lists. errors: as pull_list */
MUST_CHECK bool command_pull(const options_t *options, fault_t *fault);

/** Send what a trade program drops into a folder, and bring it answers, tasks and appointments.
 *  errors: those of push and pull; EXIT_USAGE */
MUST_CHECK bool command_exchange(const options_t *options, fault_t *fault);

/** Print the state of folder, spool and server. errors: EXIT_AWAY, EXIT_DISK */
MUST_CHECK bool command_status(const options_t *options, fault_t *fault);

/** Open the line of an enrolled folder. errors: EXIT_USAGE - not enrolled */
MUST_CHECK link_t *command_line(const home_t *home, fault_t *fault);

/** Count the rows behind the last answered one. errors: EXIT_DISK */
MUST_CHECK bool command_waiting(spool_t *spool, const verdicts_t *verdicts, uint64_t *waiting,
                                fault_t *fault);

#endif
