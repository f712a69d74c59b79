/* SPDX-License-Identifier: Apache-2.0
 * Names of columns that a file tells row by row: each once, in the order they were met, bounded. */
#ifndef CLIENTELE_INTAKE_NAMES_H
#define CLIENTELE_INTAKE_NAMES_H

#include "intake/table.h"

enum { NAMES_MAX = TABLE_CELLS_MAX, NAME_BYTES = 400 };

typedef struct names names_t;

/** Make an empty list. out: never NULL */
names_t *names_new(void);

/** Free it; NULL is accepted. */
void names_free(names_t *names);

/** The number of a name.
 *  in:     is_new_fine   add it when it is not there
 *  out:    its number from 0; NAMES_MAX when it is not there, too long, or the list is full
 *  cost:   one probe of a hash table */
unsigned names_find(names_t *names, str_t name, bool is_new_fine);

/** The names in order. out: slices that live as long as the list */
const str_t *names_all(const names_t *names, unsigned *count);

#endif
