/* SPDX-License-Identifier: Apache-2.0
 * Addresses: text, networks, and a count table checked against a plain array. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static address_t parse(const char *text)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr_in *in = (struct sockaddr_in *)(void *)&storage;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)&storage;
    if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &in6->sin6_addr), 1);
        in6->sin6_family = AF_INET6;
    }
    return address_of(&storage);
}

static bool lies_in(const char *text, const char *networks)
{
    address_t address = parse(text);
    return address_is_in(&address, str_of(networks));
}

static void networks_are_matched_by_their_bits(void **state)
{
    (void)state;
    assert_true(lies_in("127.0.0.1", "127.0.0.0/8 ::1/128"));
    assert_true(lies_in("::1", "127.0.0.0/8 ::1/128"));
    assert_true(lies_in("::ffff:127.0.0.1", "127.0.0.0/8"));
    assert_false(lies_in("128.0.0.1", "127.0.0.0/8 ::1/128"));
    assert_true(lies_in("10.1.2.3", "10.1.2.3"));
    assert_false(lies_in("10.1.2.4", "10.1.2.3"));
    assert_true(lies_in("10.1.2.129", "10.1.2.128/25"));
    assert_false(lies_in("10.1.2.127", "10.1.2.128/25"));
    assert_true(lies_in("2001:db8::5", "2001:db8::/32"));
    assert_false(lies_in("10.1.2.3", "10.1.2.3/33 nonsense /8  "));
    assert_false(lies_in("10.1.2.3", ""));
}

static void an_ipv6_peer_is_its_network(void **state)
{
    (void)state;
    unsigned char rooms[3][16];
    str_t first = address_peer("2001:db8:1:2::7", rooms[0]);
    assert_true(str_eq(first, address_peer("2001:db8:1:2:ffff::9", rooms[1])));
    assert_false(str_eq(first, address_peer("2001:db8:1:3::7", rooms[2])));
    assert_true(str_eq(address_peer("192.0.2.7", rooms[1]), STR("192.0.2.7")));
    assert_false(str_eq(address_peer("192.0.2.8", rooms[1]), STR("192.0.2.7")));
}

static void text_has_no_mapped_prefix(void **state)
{
    (void)state;
    char text[46];
    address_t address = parse("192.0.2.7");
    address_text(&address, text);
    assert_string_equal(text, "192.0.2.7");
    address = parse("2001:db8::7");
    address_text(&address, text);
    assert_string_equal(text, "2001:db8::7");
}

static void counts_agree_with_a_plain_array(void **state)
{
    (void)state;
    enum { ADDRESSES = 300, STEPS = 60000, LIMIT = 100 };
    static size_t counts[ADDRESSES];
    address_table_t *table = address_table_new(LIMIT);
    size_t total = 0;
    srandom(7);
    for (int step = 0; step < STEPS; step++) {
        size_t i = (size_t)random() % ADDRESSES;
        char text[46];
        (void)snprintf(text, sizeof text, i % 2 ? "2001:db8:0:%zx::1" : "10.0.%zu.1", i / 2);
        address_t address = parse(text);
        if (counts[i] > 0 && (random() % 2 || total == LIMIT)) {
            address_leave(table, &address);
            counts[i]--;
            total--;
        } else if (total < LIMIT) {
            assert_int_equal(address_enter(table, &address), ++counts[i]);
            total++;
        }
    }
    address_table_free(table);
}

static void one_network_of_64_bits_counts_together(void **state)
{
    (void)state;
    address_table_t *table = address_table_new(10);
    address_t a = parse("2001:db8::1");
    address_t b = parse("2001:db8::ffff:1");
    address_t c = parse("2001:db8:0:1::1");
    assert_int_equal(address_enter(table, &a), 1);
    assert_int_equal(address_enter(table, &b), 2);
    assert_int_equal(address_enter(table, &c), 1);
    address_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_are_matched_by_their_bits),
        cmocka_unit_test(an_ipv6_peer_is_its_network),
        cmocka_unit_test(text_has_no_mapped_prefix),
        cmocka_unit_test(counts_agree_with_a_plain_array),
        cmocka_unit_test(one_network_of_64_bits_counts_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
