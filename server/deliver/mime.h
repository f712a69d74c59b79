/* SPDX-License-Identifier: Apache-2.0
 * A letter as bytes for the wire: headers and body of RFC 5322 and MIME, seven-bit clean.
 *
 * Pure. Every value is encoded for the place it stands in, so no value can end a header or begin
 * another one. The same letter gives the same bytes: identifier and boundaries come from its UUID.
 * Lines end in CR LF and no line begins with a dot. It attaches no files. */
#ifndef CLIENTELE_DELIVER_MIME_H
#define CLIENTELE_DELIVER_MIME_H

#include "base/str.h"

/** What a letter is made of; all borrowed, UTF-8. */
typedef struct {
    unsigned char uuid[16]; /* of the intent: Message-ID <base32(uuid)@domain of the sender> */
    int64_t date_s;         /* Unix time of the Date header */
    str_t sender_name;      /* may be empty */
    str_t sender_address;
    str_t to_address;
    str_t subject;
    str_t text;
    str_t html;            /* empty: text only, else multipart/alternative */
    str_t list_name;       /* List-Id label; empty: no such header */
    str_t unsubscribe_url; /* empty: no List-Unsubscribe headers */
    bool is_automatic;     /* Auto-Submitted: auto-generated */
} mime_letter_t;

enum { MIME_ID_BYTES = 26 };

/** Write the whole letter.
 *  out:    false when `out` is full or an address is not ASCII without spaces and brackets
 *  source: RFC 5322, 2045, 2046, 2047, 2919 (List-Id), 2369 and 8058 (List-Unsubscribe), 3834 */
MUST_CHECK bool mime_write(const mime_letter_t *letter, buf_t *out);

/** The identifier of a letter in its Message-ID: base32 of the UUID in lower case. */
void mime_id(const unsigned char uuid[16], char out[MIME_ID_BYTES + 1]);

/** Append text as quoted-printable: lines of at most 76 characters, line ends as CR LF. */
void mime_quoted_printable(str_t text, buf_t *out);

/** Append a header value as RFC 2047 words, folded; plain when it is printable ASCII and fits. */
void mime_header_text(str_t value, size_t name_bytes, buf_t *out);

#endif
