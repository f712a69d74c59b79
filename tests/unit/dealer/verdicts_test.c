/* SPDX-License-Identifier: Apache-2.0
 * The journal of answers: clients/dealer/verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "folder.h"
#include "verdicts.h"

static fault_t fault;

static verdicts_t *opened(const char *path)
{
    verdicts_t *verdicts = verdicts_open(path, false, &fault);
    if (!verdicts)
        fail_msg("%s", fault.text);
    return verdicts;
}

static bool add(verdicts_t *verdicts, int seq, const char *verdict)
{
    json_t *item =
        json_pack("{s:i, s:s, s:s, s:n}", "seq", seq, "verdict", verdict, "receipt", "R-1", "rule");
    bool is_added = verdicts_add(verdicts, item, &fault);
    json_decref(item);
    return is_added;
}

static void the_last_answer_is_found_again(void **state)
{
    const char *path = folder_path(state, "verdicts.jsonl");
    verdicts_t *verdicts = opened(path);
    assert_int_equal(verdicts_last(verdicts), 0);
    for (int seq = 1; seq <= 2000; seq++)
        assert_true(add(verdicts, seq, "created") &&
                    (seq % 100 != 0 || verdicts_sync(verdicts, &fault)));
    verdicts_close(verdicts);
    verdicts = opened(path);
    assert_int_equal(verdicts_last(verdicts), 2000);
    verdicts_rewind(verdicts);
    int count = 0;
    json_t *item;
    while ((item = verdicts_next(verdicts))) {
        assert_int_equal(json_integer_value(json_object_get(item, "seq")), ++count);
        json_decref(item);
    }
    assert_int_equal(count, 2000);
    verdicts_close(verdicts);
}

/* Earlier programs wrote no rule and no next step; a later one may write what we do not know. */
static void a_journal_of_another_version_is_read_and_written_on(void **state)
{
    const char *path = folder_path(state, "verdicts.jsonl");
    folder_write(path, "{\"seq\":1,\"verdict\":\"created\",\"receipt\":\"R-1\"}\n"
                       "{\"seq\":3,\"verdict\":\"error\",\"code\":\"22000\",\"error\":\"x\"}\n"
                       "{\"form\":9,\"verdict\":\"YOURS\",\"of\":{\"a\":[1]},\"seq\":4}\n");
    verdicts_t *verdicts = opened(path);
    assert_int_equal(verdicts_last(verdicts), 4);
    assert_true(add(verdicts, 5, "updated") && verdicts_sync(verdicts, &fault));
    verdicts_close(verdicts);
    verdicts = opened(path);
    assert_int_equal(verdicts_last(verdicts), 5);
    verdicts_rewind(verdicts);
    static const struct {
        int seq;
        const char *verdict;
    } wanted[] = {{1, "created"}, {3, "error"}, {4, "YOURS"}, {5, "updated"}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        json_t *item = verdicts_next(verdicts);
        assert_int_equal(json_integer_value(json_object_get(item, "seq")), wanted[i].seq);
        assert_string_equal(json_string_value(json_object_get(item, "verdict")), wanted[i].verdict);
        json_decref(item);
    }
    assert_null(verdicts_next(verdicts));
    verdicts_close(verdicts);
}

static void numbers_must_ascend(void **state)
{
    verdicts_t *verdicts = opened(folder_path(state, "verdicts.jsonl"));
    assert_true(add(verdicts, 5, "YOURS"));
    assert_false(add(verdicts, 5, "YOURS"));
    assert_false(add(verdicts, 4, "YOURS"));
    assert_true(add(verdicts, 7, "PROTECTED"));
    verdicts_close(verdicts);
}

static void a_torn_line_is_asked_for_again(void **state)
{
    const char *path = folder_path(state, "verdicts.jsonl");
    static const char *const tails[] = {"{\"seq\":3", "{\"seq\":3,\"verdict\":\"created\"}", "\n",
                                        "garbage\n", "{\"seq\":\n{}\n"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char text[256];
        snprintf(text, sizeof text, "%s%s",
                 "{\"seq\":1,\"verdict\":\"created\"}\n{\"seq\":2,\"verdict\":\"YOURS\"}\n",
                 tails[i]);
        folder_write(path, text);
        verdicts_t *verdicts = opened(path);
        assert_int_equal(verdicts_last(verdicts), 2);
        assert_true(add(verdicts, 3, "created") && verdicts_sync(verdicts, &fault));
        verdicts_close(verdicts);
        verdicts = opened(path);
        assert_int_equal(verdicts_last(verdicts), 3);
        verdicts_close(verdicts);
    }
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(the_last_answer_is_found_again),
        IN_FOLDER(a_journal_of_another_version_is_read_and_written_on),
        IN_FOLDER(numbers_must_ascend),
        IN_FOLDER(a_torn_line_is_asked_for_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
