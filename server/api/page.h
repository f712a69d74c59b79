/* SPDX-License-Identifier: Apache-2.0
 * A page that needs no script and no session: what opens behind a mailed link. Opened with its
 * title, filled with paragraphs and forms by its handler, sent with a policy that allows its own
 * style alone. */
#ifndef CLIENTELE_API_PAGE_H
#define CLIENTELE_API_PAGE_H

#include "api/request.h"

/** Begin a page in the worker's scratch buffer.
 *  in:     title, escaped here    out: the buffer, for the handler to add to before page_send */
buf_t *page_open(request_t *rq, str_t title);

/** Add text, escaped. */
void page_text(buf_t *out, str_t text);

/** End the page and answer with it. */
void page_send(request_t *rq, int status);

#endif
