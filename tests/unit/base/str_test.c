/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/str.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void a_number_is_digits_within_its_maximum(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_true(str_to_u64(STR("0"), 10, &value) && value == 0);
    assert_true(str_to_u64(STR("10"), 10, &value) && value == 10);
    assert_false(str_to_u64(STR("11"), 10, &value));
    assert_true(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &value) && value == UINT64_MAX);
    assert_false(str_to_u64(STR("18446744073709551616"), UINT64_MAX, &value));
    assert_false(str_to_u64(STR(""), 10, &value));
    assert_false(str_to_u64(STR("+5"), 10, &value));
    assert_false(str_to_u64(STR("5 "), 10, &value));
    assert_false(str_to_u64(STR("9"), 5, &value));
    assert_true(value == UINT64_MAX);
}

static void utf8_refuses_overlongs_surrogates_and_stubs(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("")));
    assert_true(str_is_utf8(STR("Жук \xF0\x9F\x9A\x97")));
    assert_false(str_is_utf8(STR("\xC0\xAF")));
    assert_false(str_is_utf8(STR("\xE0\x80\x80")));
    assert_false(str_is_utf8(STR("\xED\xA0\x80")));
    assert_false(str_is_utf8(STR("\xF4\x90\x80\x80")));
    assert_false(str_is_utf8(STR("\xD0")));
    assert_false(str_is_utf8(STR("\x80")));
}

static void base64url_goes_there_and_back_and_is_canonical(void **state)
{
    (void)state;
    unsigned char bytes[40];
    char text[64];
    unsigned char back[48];
    for (size_t len = 0; len <= sizeof bytes; len++) {
        for (size_t i = 0; i < len; i++) {
            bytes[i] = (unsigned char)(i * 37 + len);
        }
        size_t chars = str_to_base64url(bytes, len, text);
        size_t got = 99;
        assert_true(str_from_base64url(str_n(text, chars), back, &got));
        assert_int_equal(got, len);
        assert_memory_equal(back, bytes, len);
    }
    size_t got;
    assert_false(str_from_base64url(STR("A"), back, &got));
    assert_false(str_from_base64url(STR("AB"), back, &got)); /* unused bits set */
    assert_true(str_from_base64url(STR("AA"), back, &got));
    assert_false(str_from_base64url(STR("A+=="), back, &got));
}

static void a_buffer_stops_at_its_maximum(void **state)
{
    (void)state;
    buf_t buf = buf_make(5);
    assert_true(BUF_ADD(&buf, "abc"));
    assert_false(BUF_ADD(&buf, "def"));
    assert_true(buf.is_full);
    assert_false(BUF_ADD(&buf, "d"));
    assert_true(str_eq(buf_str(&buf), STR("abc")));
    buf_reset(&buf);
    assert_true(buf_add_i64(&buf, 0));
    assert_true(buf_add_i64(&buf, -12));
    assert_true(str_eq(buf_str(&buf), STR("0-12")));
    buf_consume(&buf, 2);
    assert_true(str_eq(buf_str(&buf), STR("12")));
    buf_free(&buf);
}

static void json_text_is_escaped(void **state)
{
    (void)state;
    buf_t buf = buf_make(100);
    assert_true(buf_add_json(&buf, STR("a\"b\\c\n\x01\x7f\xD0\x96")));
    assert_true(str_eq(buf_str(&buf), STR("a\\\"b\\\\c\\n\\u0001\\u007f\xD0\x96")));
    buf_free(&buf);
}

/* The escape looks at eight bytes at once: each byte, at each place of a word and of its tail. */
static void every_byte_is_escaped_wherever_it_stands(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++)
        for (size_t place = 0; place < 20; place++) {
            char text[21] = "aaaaaaaaaaaaaaaaaaaa";
            text[place] = (char)byte;
            bool is_escaped = byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7f;
            bool is_short =
                byte == '"' || byte == '\\' || byte == '\n' || byte == '\r' || byte == '\t';
            buf_t buf = buf_make(100);
            assert_true(buf_add_json(&buf, str_n(text, 20)));
            assert_int_equal(buf.len, !is_escaped ? 20 : is_short ? 21 : 25);
            assert_int_equal(buf.ptr[place] == '\\', is_escaped);
            assert_memory_equal(buf.ptr, text, place);
            assert_memory_equal(buf.ptr + buf.len - (19 - place), text + place + 1, 19 - place);
            buf_free(&buf);
        }
}

static void numbers_are_written_to_their_last_digit(void **state)
{
    (void)state;
    char text[20];
    assert_int_equal(str_put_i64(INT64_MIN, text), 20);
    assert_memory_equal(text, "-9223372036854775808", 20);
    assert_int_equal(str_put_i64(INT64_MAX, text), 19);
    assert_memory_equal(text, "9223372036854775807", 19);
    assert_int_equal(str_put_i64(0, text), 1);
    assert_int_equal(text[0], '0');
}

static void split_gives_every_piece(void **state)
{
    (void)state;
    str_t rest = STR("a,,b");
    str_t piece;
    assert_true(str_split(&rest, ',', &piece) && str_eq(piece, STR("a")));
    assert_true(str_split(&rest, ',', &piece) && piece.len == 0);
    assert_true(str_split(&rest, ',', &piece) && str_eq(piece, STR("b")));
    assert_false(str_split(&rest, ',', &piece));
}

static int destroyed;
static void destroy(void *object)
{
    destroyed = destroyed * 10 + *(int *)object;
}

static void an_arena_runs_cleanups_backwards_and_refuses_above_its_maximum(void **state)
{
    (void)state;
    arena_t *arena = arena_new(10000);
    int one = 1;
    int two = 2;
    (void)arena_own(arena, &one, destroy);
    (void)arena_own(arena, &two, destroy);
    assert_null(arena_try(arena, 10001));
    assert_non_null(arena_try(arena, 9000));
    assert_null(arena_try(arena, 9000));
    str_t text = arena_printf(arena, "%d-%s", 5, "x");
    assert_true(str_eq(text, STR("5-x")));
    arena_reset(arena);
    assert_int_equal(destroyed, 21);
    assert_int_equal(arena_used(arena), 0);
    for (int i = 0; i < 100; i++) {
        char *p = arena_alloc(arena, 1000);
        assert_int_equal((uintptr_t)p % 16, 0);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_digits_within_its_maximum),
        cmocka_unit_test(utf8_refuses_overlongs_surrogates_and_stubs),
        cmocka_unit_test(base64url_goes_there_and_back_and_is_canonical),
        cmocka_unit_test(a_buffer_stops_at_its_maximum),
        cmocka_unit_test(json_text_is_escaped),
        cmocka_unit_test(every_byte_is_escaped_wherever_it_stands),
        cmocka_unit_test(numbers_are_written_to_their_last_digit),
        cmocka_unit_test(split_gives_every_piece),
        cmocka_unit_test(an_arena_runs_cleanups_backwards_and_refuses_above_its_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
