/* SPDX-License-Identifier: Apache-2.0
 * Lists written as 1C and Excel in Russian offices read them: windows-1251, semicolons, CR LF. */
#ifndef CLIENTELE_DEALER_OFFICE_H
#define CLIENTELE_DEALER_OFFICE_H

#include <stdint.h>

#include "base/str.h"
#include "fault.h"

/** The byte of a letter in windows-1251. out: -1 when it has none */
int office_byte(uint32_t scalar);

/** One column: its heading, and the member of each line's object. */
typedef struct {
    const char *heading;
    const char *member;
} office_column_t;

/** Write lines of JSON objects as such a file, whole or not at all.
 *  in:     from   JSON lines     to   replaced    columns   up to a NULL heading
 *          kind   only lines whose member "kind" is this; NULL for all
 *  errors: EXIT_DISK        letters that windows-1251 does not have become '?' */
MUST_CHECK bool office_write(const char *from, const char *to, const office_column_t *columns,
                             const char *kind, fault_t *fault);

/** Turn a comma separated file of this program into such a file in place. errors: EXIT_DISK */
MUST_CHECK bool office_turn(const char *path, fault_t *fault);

#endif
