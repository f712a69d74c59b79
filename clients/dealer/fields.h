/* SPDX-License-Identifier: Apache-2.0
 * The fields a row may carry, the names that dealers' files give them, and how a cell becomes a
 * value.
 *
 * Header names are compared without regard to case, spaces and punctuation, in Russian and English.
 * Does not: judge a value that it cannot convert; the text goes to the server, whose verdict names
 * the field. */
#ifndef CLIENTELE_DEALER_FIELDS_H
#define CLIENTELE_DEALER_FIELDS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/str.h"

#define FIELD_NONE (-1)

/** Tell whether kind is client, lead, vehicle, repair_order, order_line, sale, order or odometer.
 */
bool kind_is_known(str_t kind);

/** Find the field a column name means for rows of a kind. out: its index, or FIELD_NONE */
int field_find(str_t kind, str_t column);

/** Name of a field, as in the API; a document's fields as document_<name>. */
const char *field_name(int field);

/** Put a cell into the row's data, converted; an empty cell is left out.
 *  in: cell  UTF-8, borrowed: dates as YYYY-MM-DD, DD.MM.YYYY or YYYYMMDD; money as roubles with
 *            comma or point, or whole kopecks; lists separated by comma, semicolon or space */
void field_put(json_t *data, int field, str_t cell);

#endif
