/* SPDX-License-Identifier: Apache-2.0
 * Addresses in an open hash table with linear probing, at most half full. */
#include "net/address.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <sys/random.h>

typedef struct {
    unsigned char key[8]; /* ::ffff: form: 4 zero bytes and the IPv4 address; else the /64 */
    uint32_t count;
    bool is_v4;
} slot_t;

struct address_table {
    slot_t *slots;
    size_t mask;
    uint64_t seed; /* random, so that peers cannot choose colliding addresses */
};

static const unsigned char v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const address_t *address)
{
    return memcmp(address->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

address_t address_of(const struct sockaddr_storage *peer)
{
    address_t address = {{0}};
    if (peer->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)peer;
        memcpy(address.bytes, v4_prefix, sizeof v4_prefix);
        memcpy(address.bytes + 12, &in->sin_addr, 4);
    } else if (peer->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)peer;
        memcpy(address.bytes, &in6->sin6_addr, 16);
    }
    return address;
}

void address_text(const address_t *address, char out[46])
{
    if (!is_v4(address)) {
        const char *text = inet_ntop(AF_INET6, address->bytes, out, 46);
        assert(text);
        (void)text;
        return;
    }
    for (size_t i = 12; i < 16; i++) {
        out += str_put_i64(address->bytes[i], out);
        *out++ = i < 15 ? '.' : '\0';
    }
}

str_t address_peer(const char *text, unsigned char room[16])
{
    bool is_v6 = strchr(text, ':') != NULL && inet_pton(AF_INET6, text, room) == 1;
    return is_v6 ? str_n((const char *)room, 8) : str_of(text);
}

/* Parse "address/bits" into mapped form. out: false when it is not a network */
static bool parse_network(str_t text, address_t *address, unsigned *bits)
{
    char host[64];
    size_t slash = str_find(text, '/');
    uint64_t prefix = 128;
    if (slash >= sizeof host) {
        return false;
    }
    memcpy(host, text.ptr, slash);
    host[slash] = '\0';
    bool is_ipv4 = strchr(host, ':') == NULL;
    unsigned char *to = address->bytes + (is_ipv4 ? 12 : 0);
    memcpy(address->bytes, v4_prefix, sizeof v4_prefix);
    if (inet_pton(is_ipv4 ? AF_INET : AF_INET6, host, to) != 1) {
        return false;
    }
    if (slash == text.len) {
        prefix = is_ipv4 ? 32 : 128;
    } else if (!str_to_u64(str_skip(text, slash + 1), is_ipv4 ? 32 : 128, &prefix)) {
        return false;
    }
    *bits = (unsigned)prefix + (is_ipv4 ? 96 : 0);
    return true;
}

bool address_is_in(const address_t *address, str_t networks)
{
    str_t rest = networks;
    str_t word;
    while (str_split(&rest, ' ', &word)) {
        address_t network;
        unsigned bits;
        if (word.len == 0 || !parse_network(word, &network, &bits)) {
            continue;
        }
        unsigned whole = bits / 8;
        unsigned char mask = (unsigned char)(0xff00U >> (bits % 8));
        bool is_inside =
            memcmp(address->bytes, network.bytes, whole) == 0 &&
            (whole == 16 || ((address->bytes[whole] ^ network.bytes[whole]) & mask) == 0);
        if (is_inside) {
            return true;
        }
    }
    return false;
}

address_table_t *address_table_new(size_t max_connections)
{
    address_table_t *table = MEM_NEW(address_table_t);
    size_t size = 64;
    while (size < max_connections * 2) {
        size *= 2;
    }
    table->slots = MEM_ARRAY(slot_t, size);
    table->mask = size - 1;
    ssize_t got = getrandom(&table->seed, sizeof table->seed, 0);
    (void)got;
    return table;
}

static slot_t key_of(const address_t *address)
{
    slot_t key = {.is_v4 = is_v4(address)};
    if (key.is_v4) {
        memcpy(key.key + 4, address->bytes + 12, 4);
    } else {
        memcpy(key.key, address->bytes, 8);
    }
    return key;
}

static size_t home_of(const address_table_t *table, const slot_t *key)
{
    uint64_t word;
    memcpy(&word, key->key, sizeof word);
    word = (word ^ table->seed) * 0x9E3779B97F4A7C15ULL;
    return (size_t)((word ^ (word >> 29)) & table->mask);
}

/* The slot that holds the key, or the free one where it belongs. */
static slot_t *find(const address_table_t *table, const slot_t *key)
{
    size_t at = home_of(table, key);
    while (table->slots[at].count > 0 && (table->slots[at].is_v4 != key->is_v4 ||
                                          memcmp(table->slots[at].key, key->key, 8) != 0)) {
        at = (at + 1) & table->mask;
    }
    return &table->slots[at];
}

size_t address_enter(address_table_t *table, const address_t *address)
{
    slot_t key = key_of(address);
    slot_t *slot = find(table, &key);
    key.count = slot->count + 1;
    *slot = key;
    return key.count;
}

void address_leave(address_table_t *table, const address_t *address)
{
    slot_t key = key_of(address);
    slot_t *slot = find(table, &key);
    assert(slot->count > 0);
    if (--slot->count > 0) {
        return;
    }
    /* Close the gap: later members of the run move up if their home lies at or before the hole. */
    size_t hole = (size_t)(slot - table->slots);
    for (size_t at = (hole + 1) & table->mask; table->slots[at].count > 0;
         at = (at + 1) & table->mask) {
        size_t home = home_of(table, &table->slots[at]);
        if (((at - home) & table->mask) >= ((at - hole) & table->mask)) {
            table->slots[hole] = table->slots[at];
            table->slots[at].count = 0;
            hole = at;
        }
    }
}

void address_table_free(address_table_t *table)
{
    if (table) {
        mem_free(table->slots);
        mem_free(table);
    }
}
