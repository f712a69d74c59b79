/* SPDX-License-Identifier: Apache-2.0
 * The result of a pushed file read record by record: an exchange format's record is several rows
 * (its client, itself, its lines), which stand together and carry the record's name. */
#ifndef CLIENTELE_DEALER_OUTCOMES_H
#define CLIENTELE_DEALER_OUTCOMES_H

#include <stdbool.h>
#include <stdint.h>

#define OUTCOME_ID_BYTES 256 /* a longer name is compared by its beginning */

/** What became of one row: columns of result_write. */
typedef struct {
    char verdict[32], code[64], receipt[64], rule[16], next[1024], kind[24], id[OUTCOME_ID_BYTES];
} outcome_t;

typedef struct outcomes outcomes_t;

/** Open a result file. out: NULL with errno when it cannot be read */
outcomes_t *outcomes_open(const char *path);

/** Take the rows of the next record when it has this name; records come in the order of the file.
 *  in:     id, is_client   its name, and whether it is a client rather than a document
 *  out:    true and *main, *client of a document (zeros where there was no such row) and how many
 *          of the lines have the verdict error; false, with nothing taken, when the next record has
 *          another name */
bool outcomes_take(outcomes_t *outcomes, const char *id, bool is_client, outcome_t *main,
                   outcome_t *client, uint64_t *errors);

/** Close; NULL is accepted. */
void outcomes_close(outcomes_t *outcomes);

#endif
