/* SPDX-License-Identifier: Apache-2.0
 * Public data files for unit tests: ../shared/data beside the checkout, or CLIENTELE_DATA.
 * A test that finds no data skips and says so. */
#ifndef TESTS_UNIT_MATCH_DATA_H
#define TESTS_UNIT_MATCH_DATA_H

#include <stdio.h>

/** Open a file of the data folder; NULL after a printed sentence when there is none. */
FILE *data_open(const char *name);

/** Cut one CSV line (no quotes inside) into at most `cap` fields, in place. out: fields found */
int data_fields(char *line, char separator, char **fields, int cap);

#endif
