/* SPDX-License-Identifier: Apache-2.0
 * The door to Jansson: what is refused beyond RFC 8259, and a public suite of both. */
#include "test.h"

#include <dirent.h>
#include <stdio.h>

#include "api/json.h"
#include "data.h"

static arena_t *arena;

static bool accepts(str_t text)
{
    json_t *value;
    return json_parse(arena, text, &value).code == ERR_OK;
}

static void plain_values_are_accepted(void **state)
{
    (void)state;
    assert_true(accepts(STR("{\"a\":[1,2.5,true,null,\"x\"]}")));
    assert_true(accepts(STR("\"lone string\"")));
    assert_true(accepts(STR(" 7 ")));
}

static void duplicates_nul_and_trailing_bytes_are_refused(void **state)
{
    (void)state;
    assert_false(accepts(STR("{\"a\":1,\"a\":2}")));
    assert_false(accepts(STR("\"\\u0000\"")));
    assert_false(accepts(str_n("123\0", 4)));
    assert_false(accepts(STR("{} {}")));
    assert_false(accepts(STR("")));
    assert_false(accepts(STR("1e400")));
    assert_false(accepts(STR("9223372036854775808")));
}

static void nesting_ends_at_the_limit(void **state)
{
    (void)state;
    char text[2 * (JSON_DEPTH_MAX + 1)];
    for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        assert_int_equal(accepts(str_n(text, 2 * (size_t)depth)), depth == JSON_DEPTH_MAX);
    }
    assert_true(accepts(STR("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"")));
}

static void written_values_read_back(void **state)
{
    (void)state;
    json_t *value;
    assert_int_equal(json_parse(arena, STR("{ \"b\" : [ 1 , \"\xD1\x8F\" ] }"), &value).code,
                     ERR_OK);
    assert_string_equal(json_dump(arena, value), "{\"b\":[1,\"\xD1\x8F\"]}");
}

/* y_ must pass, n_ must not; y_ with duplicate names or U+0000 are refused on purpose. */
static void the_public_suite_is_met(void **state)
{
    (void)state;
    const char *folder = data_unpack(arena, "json-parsing/cases.tar.gz");
    if (!folder)
        skip();
    static const char *const on_purpose[] = {
        "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
        "y_object_escaped_null_in_key.json", "y_string_null_escape.json"};
    unsigned accepted = 0, refused = 0, wrong = 0;
    char path[600];
    for (int level = 0; level < 2; level++) {
        snprintf(path, sizeof path, level ? "%s/cases" : "%s", folder);
        DIR *files = opendir(path);
        for (struct dirent *file; files && (file = readdir(files));) {
            char kind = file->d_name[0];
            if (file->d_name[1] != '_' || !strchr("yni", kind))
                continue;
            char full[900];
            snprintf(full, sizeof full, "%s/%s", path, file->d_name);
            bool is_accepted = accepts(data_read_path(arena, full));
            bool is_on_purpose = false;
            for (size_t i = 0; i < sizeof on_purpose / sizeof on_purpose[0]; i++)
                is_on_purpose |= strcmp(file->d_name, on_purpose[i]) == 0;
            accepted += is_accepted;
            refused += !is_accepted;
            if ((kind == 'n' && is_accepted) || (kind == 'y' && is_accepted == is_on_purpose)) {
                printf("wrong: %s\n", file->d_name);
                wrong++;
            }
        }
        if (files)
            closedir(files);
    }
    data_remove(folder);
    printf("accepted %u, refused %u\n", accepted, refused);
    assert_true(accepted + refused >= 140);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    arena = arena_new((size_t)64 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_values_are_accepted),
        cmocka_unit_test(duplicates_nul_and_trailing_bytes_are_refused),
        cmocka_unit_test(nesting_ends_at_the_limit),
        cmocka_unit_test(written_values_read_back),
        cmocka_unit_test(the_public_suite_is_met),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
