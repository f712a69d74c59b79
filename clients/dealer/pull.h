/* SPDX-License-Identifier: Apache-2.0
 * The dealer's own tasks and call lists, page by page into files of JSON lines. */
#ifndef CLIENTELE_DEALER_PULL_H
#define CLIENTELE_DEALER_PULL_H

#include "link.h"

/** Fetch a list whole and replace a file with it, one item a line; a fault leaves the old file.
 *  in:     address  e.g. /v1/exchange/tasks    path  the file
 *  out:    *count  items written
 *  errors: EXIT_AWAY, EXIT_REFUSED, EXIT_DISK */
MUST_CHECK bool pull_list(link_t *link, const char *address, const char *path, uint64_t *count,
                          fault_t *fault);

#endif
