/* SPDX-License-Identifier: Apache-2.0
 * The command line: which settings, and the modes that print something and end. */
#ifndef CLIENTELE_MAIN_MODES_H
#define CLIENTELE_MAIN_MODES_H

#include "base/config.h"

typedef enum {
    MODE_SERVE,
    MODE_HELP,
    MODE_VERSION,
    MODE_SAMPLE,
    MODE_OPENAPI,       /* print the OpenAPI description; needs the database */
    MODE_HASH_PASSWORD, /* stdin: passwords; stdout: PHC strings */
    MODE_ENCRYPT_TOTP   /* stdin: base32 secrets; stdout: hex, sealed with the key file's key */
} run_mode_t;

typedef struct {
    run_mode_t mode;
    bool is_check;
    const char *config_path; /* NULL when not given */
    const char *key_path;    /* MODE_ENCRYPT_TOTP */
    char **pairs;            /* "name=value" arguments */
    size_t pair_count;
} modes_t;

/** Read the arguments. out: false after a sentence on stderr */
bool modes_parse(int argc, char **argv, modes_t *modes);

/** Tell whether this run prints something and ends. */
bool modes_is_tool(const modes_t *modes);

/** Do what the mode says. out: exit status */
int modes_run(const modes_t *modes);

/** Version of the program, e.g. "0.1.0". */
const char *modes_version(void);

/** Tell the service manager about our state (sd_notify's protocol), if there is one. */
void modes_notify(const char *state);

#endif
