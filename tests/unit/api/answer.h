/* SPDX-License-Identifier: Apache-2.0
 * An answer of PostgreSQL as the server has it: libpq's result, put back into messages and read. */
#ifndef CLIENTELE_TEST_ANSWER_H
#define CLIENTELE_TEST_ANSWER_H

#include <libpq-fe.h>

#include "db/rows.h"

/** Ask and read, in binary; a refusal fails the test. out: ended by db_rows_free */
db_rows_t *answer(PGconn *pg, const char *select);

#endif
