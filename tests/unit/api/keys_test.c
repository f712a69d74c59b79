/* SPDX-License-Identifier: Apache-2.0
 * Keys: links, CSRF tokens and sealed secrets cannot be made or moved by others. */
#include "test.h"

#include "api/keys.h"
#include "api/password.h"

static keys_t *keys;

static void make_config(config_t *config)
{
    *config = (config_t){0};
    config->csrf_key = STR("0123456789abcdef0123456789abcdef");
    config->link_key = STR("fedcba9876543210fedcba9876543210");
    config->totp_key = STR("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

static void unfit_keys_stop_the_start(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        config_t config;
        char reason[200] = "";
        make_config(&config);
        if (i == 0)
            config.csrf_key = STR("short");
        if (i == 1)
            config.link_key = STR("");
        if (i == 2)
            config.totp_key =
                STR("not hex, not hex, not hex, not hex, not hex, not hex, not hex, xx");
        if (i == 3)
            config.token_key = STR("-----BEGIN NOTHING-----\nAAAA\n-----END NOTHING-----\n");
        if (i == 4)
            config.totp_key = STR("0011");
        assert_null(keys_new(&config, reason, sizeof reason));
        assert_true(reason[0] != 0);
    }
}

static void a_link_is_good_for_its_purpose_only(void **state)
{
    (void)state;
    unsigned char uuid[16];
    char token[LINK_TEXT + 1], text[37];
    for (int i = 0; i < 16; i++)
        uuid[i] = (unsigned char)(i * 17);
    keys_link_make(keys, 'u', uuid, token);
    assert_int_equal(strlen(token), LINK_TEXT);
    assert_true(keys_link_read(keys, 'u', str_of(token), text));
    assert_string_equal(text, "00112233-4455-6677-8899-aabbccddeeff");
    assert_false(keys_link_read(keys, 'p', str_of(token), text));
    for (size_t i = 0; i < LINK_TEXT; i++) {
        char kept = token[i];
        token[i] = kept == 'A' ? 'B' : 'A';
        assert_false(keys_link_read(keys, 'u', str_of(token), text));
        token[i] = kept;
    }
    assert_false(keys_link_read(keys, 'u', str_n(token, LINK_TEXT - 1), text));
    assert_false(keys_link_read(keys, 'u', STR(""), text));
}

static void csrf_tokens_belong_to_one_secret(void **state)
{
    (void)state;
    unsigned char a[SECRET_BYTES] = {1}, b[SECRET_BYTES] = {2};
    char first[44], second[44], again[44];
    keys_csrf(keys, a, first);
    keys_csrf(keys, b, second);
    keys_csrf(keys, a, again);
    assert_string_equal(first, again);
    assert_string_not_equal(first, second);
    assert_int_equal(strlen(first), 43);
}

static void sealed_bytes_open_only_whole_and_in_place(void **state)
{
    (void)state;
    unsigned char sealed[20 + SEALED_OVERHEAD], again[sizeof sealed], open[20];
    str_t plain = STR("12345678901234567890");
    assert_true(keys_seal(keys, STR("totp"), plain, sealed));
    assert_true(keys_seal(keys, STR("totp"), plain, again));
    assert_memory_not_equal(sealed, again, sizeof sealed);
    assert_true(keys_open(keys, STR("totp"), str_n((char *)sealed, sizeof sealed), open));
    assert_memory_equal(open, plain.ptr, plain.len);
    assert_false(keys_open(keys, STR("other"), str_n((char *)sealed, sizeof sealed), open));
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        assert_false(keys_open(keys, STR("totp"), str_n((char *)sealed, sizeof sealed), open));
        sealed[i] ^= 1;
    }
    assert_false(keys_open(keys, STR("totp"), str_n((char *)sealed, 10), open));
}

static void a_position_tells_nothing_and_cannot_be_made(void **state)
{
    (void)state;
    unsigned char one[80], two[80];
    char text[80];
    size_t len = 0;
    assert_int_equal(keys_position_bytes(1), keys_position_bytes(32));
    keys_position_seal(keys, STR("7"), one);
    keys_position_seal(keys, STR("7000000000"), two);
    assert_memory_not_equal(one, two, keys_position_bytes(1));
    keys_position_seal(keys, STR("7"), two);
    assert_memory_equal(one, two, keys_position_bytes(1)); /* the same page has the same address */
    assert_true(keys_position_open(keys, str_n((char *)one, keys_position_bytes(1)), text, &len));
    assert_int_equal(len, 1);
    assert_int_equal(text[0], '7');
    for (size_t i = 0; i < keys_position_bytes(1); i++) {
        one[i] ^= 1;
        assert_false(
            keys_position_open(keys, str_n((char *)one, keys_position_bytes(1)), text, &len));
        one[i] ^= 1;
    }
    assert_false(keys_position_open(keys, str_n((char *)one, 20), text, &len));
    assert_false(keys_position_open(keys, STR(""), text, &len));
}

static void weak_passwords_are_told_apart(void **state)
{
    (void)state;
    assert_true(password_is_weak(STR("short"), STR("anna")));
    assert_true(password_is_weak(STR("aaaaaaaaaaaaaaaa"), STR("anna")));
    assert_true(password_is_weak(STR("password1234"), STR("anna")));
    assert_true(password_is_weak(STR("anna.petrova1"), STR("Anna.Petrova1")));
    assert_false(password_is_weak(STR("correct horse battery staple"), STR("anna")));
    char phc[PASSWORD_PHC_BYTES];
    assert_true(password_hash_now(STR("correct horse battery staple"), phc));
    assert_memory_equal(phc, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
}

int main(void)
{
    config_t config;
    char reason[200];
    make_config(&config);
    keys = keys_new(&config, reason, sizeof reason);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unfit_keys_stop_the_start),
        cmocka_unit_test(a_link_is_good_for_its_purpose_only),
        cmocka_unit_test(csrf_tokens_belong_to_one_secret),
        cmocka_unit_test(sealed_bytes_open_only_whole_and_in_place),
        cmocka_unit_test(a_position_tells_nothing_and_cannot_be_made),
        cmocka_unit_test(weak_passwords_are_told_apart),
    };
    int failed = keys ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    keys_free(keys);
    return failed;
}
