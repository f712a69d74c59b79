/* SPDX-License-Identifier: Apache-2.0
 * An e-mail address as a match key: lower case, deliverable over plain SMTP.
 *
 * Accepted: dot-atom local part of ASCII, up to 64 bytes; domain of letter-digit-hyphen labels up
 * to 63 bytes, one label is enough; whole address up to 254 bytes. An international domain becomes
 * its Punycode form, so both writings give one key. Spaces around are dropped. Refused although
 * some standard allows them, because gateways and people do not: quoted local parts, comments and
 * folding, address literals, an all-numeric last label, local parts beyond ASCII. Pure C like
 * text.h; outputs are terminated by a zero byte. It asks no name server. */
#ifndef MATCH_EMAIL_H
#define MATCH_EMAIL_H

#include <stddef.h>

#define EMAIL_BYTES      255 /* 254 and a zero */
#define EMAIL_MASK_BYTES 40

/** Normalise an address.
 *  in:     raw    as typed
 *  out:    bytes written without the zero; 0 and an empty string when it is none
 *  cost:   O(raw_bytes)
 *  source: RFC 5321 4.1.2, 4.5.3.1; RFC 5322 3.2.3; RFC 1123 2.1; RFC 3492; RFC 5890 2.3.2 */
size_t email_norm(const char *raw, size_t raw_bytes, char out[EMAIL_BYTES]);

/** Mask a normalised address: "i***@m***.ru".
 *  out:    bytes written without the zero; 0 when there is no address */
size_t email_mask(const char *address, size_t address_bytes, char out[EMAIL_MASK_BYTES]);

#endif
