/* SPDX-License-Identifier: Apache-2.0
 * SMTP replies out of bytes. Pure. */
#ifndef CLIENTELE_DELIVER_REPLY_H
#define CLIENTELE_DELIVER_REPLY_H

#include "base/str.h"

enum { REPLY_LINE_MAX = 2000, REPLY_LINES_MAX = 100 };

typedef struct {
    int code;   /* 200..599 */
    str_t text; /* all lines from the first line's text on, as they stand, without the last line end
                 */
    size_t used; /* bytes of the reply */
} reply_t;

/** Parse one reply, of one line or several.
 *  in:     bytes   what has arrived
 *  out:    1 and *reply when one is whole; 0 when more is needed; -1 when it is no SMTP
 *  source: RFC 5321 4.2 */
int reply_parse(str_t bytes, reply_t *reply);

/** Take the next line of a reply's text: "SIZE 1000" of "250-SIZE 1000".
 *  in:     rest   begins as reply.text    out: false at the end */
bool reply_line(str_t *rest, str_t *line);

/** Enhanced status in front of a text ("4.2.1 mailbox full" -> "4.2.1"); empty when there is none.
 *  source: RFC 2034 */
str_t reply_status(str_t text);

#endif
