/* SPDX-License-Identifier: Apache-2.0
 * Byte classes of HTTP's grammar (RFC 9110 5.6.2, 5.5). */
#ifndef CLIENTELE_HTTP_TOKEN_H
#define CLIENTELE_HTTP_TOKEN_H

#include <stdbool.h>

/** tchar: may stand in a method or a header name. */
bool token_is_char(unsigned char c);

/** May stand in a header value: tab, visible ASCII and space, obs-text. */
static inline bool token_is_value(unsigned char c)
{
    return c == '\t' || (c >= 0x20 && c != 0x7f);
}

/** May stand in a Host: unreserved, sub-delims, ':', '%', brackets (RFC 3986 3.2.2). */
bool token_is_host(unsigned char c);

#endif
