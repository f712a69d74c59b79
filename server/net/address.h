/* SPDX-License-Identifier: Apache-2.0
 * Peer addresses: text, networks without a cap, and how many connections each address holds.
 *
 * An IPv4 address counts by itself, an IPv6 one by its /64. One thread each. */
#ifndef CLIENTELE_NET_ADDRESS_H
#define CLIENTELE_NET_ADDRESS_H

#include "base/str.h"

#include <sys/socket.h>

typedef struct {
    unsigned char bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
} address_t;

/** Take the address out of what accept gave; the unspecified address for other families. */
address_t address_of(const struct sockaddr_storage *peer);

/** Write it as text, IPv4 without ::ffff:. */
void address_text(const address_t *address, char out[46]);

/** What of an address_text counts as one peer: all of an IPv4 address, the /64 of an IPv6 one.
 *  out: bytes of the text or of room */
str_t address_peer(const char *text, unsigned char room[16]);

/** Tell whether the address lies in one of the networks ("127.0.0.0/8 ::1/128"); words that are not
 *  networks match nothing. */
bool address_is_in(const address_t *address, str_t networks);

typedef struct address_table address_table_t;

/** Make a table for at most max_connections counted connections. */
address_table_t *address_table_new(size_t max_connections);

/** Count one more connection. out: how many the address holds now, this one included */
size_t address_enter(address_table_t *table, const address_t *address);

/** One connection less. */
void address_leave(address_table_t *table, const address_t *address);

/** Free; NULL is accepted. */
void address_table_free(address_table_t *table);

#endif
