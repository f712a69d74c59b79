/* SPDX-License-Identifier: Apache-2.0
 * Why a command could not go on: one sentence for the operator and the exit status of the program.
 *
 * Every function that can fail takes a fault_t * last, fills it once and returns false or NULL.
 * Does not: print anything; main.c does, once. */
#ifndef CLIENTELE_DEALER_FAULT_H
#define CLIENTELE_DEALER_FAULT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** Exit statuses, part of the command line's contract (README.md). */
typedef enum {
    EXIT_FINE = 0,
    EXIT_USAGE = 1,  /* wrong option, file or data folder; nothing was changed */
    EXIT_ROWS = 2,   /* everything was sent; some rows were answered with an error */
    EXIT_AWAY = 3,   /* server away or quota used up: the spool keeps the rows, run again */
    EXIT_DISK = 4,   /* disk full or spool damaged: nothing already spooled is lost */
    EXIT_REFUSED = 5 /* the server refused the certificate, the code or the message */
} exit_status_t;

typedef struct {
    exit_status_t status;
    char text[600];
} fault_t;

/** Record the reason. out: always false, so that a caller may return the call. */
__attribute__((format(printf, 3, 4))) static inline bool
fault_set(fault_t *fault, exit_status_t status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fault->status = status;
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    return false;
}

#endif
