/* SPDX-License-Identifier: Apache-2.0
 * A list as a CSV file, row by row: never more than a few rows in memory, whatever its length.
 *
 * The call before it has counted the rows and let the file go (route.h, opening). It gave the
 * file's number, which stands in its name, and a mark that is the last cell of every row: a part of
 * a file names where it came from.
 *
 * Rows are read from PostgreSQL only as fast as the client reads from us; a client that leaves
 * cancels the statement. Before the first row an error is an answer, after it the download is torn.
 */
#ifndef CLIENTELE_API_EXPORT_H
#define CLIENTELE_API_EXPORT_H

#include "api/request.h"

/** Turn rq->call into a by-row call whose rows are written as they come. */
void export_prepare(request_t *rq);

/** The call is over: end the file, or answer the error. */
step_t export_finish(request_t *rq);

#endif
