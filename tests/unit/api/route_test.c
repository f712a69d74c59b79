/* SPDX-License-Identifier: Apache-2.0
 * The matcher over the real surface. */
#include "test.h"

#include "api/route.h"

static arena_t *arena;
static route_table_t *table;

static void every_row_is_found_by_its_own_path(void **state)
{
    (void)state;
    for (unsigned i = 0; i < route_count(table); i++) {
        const route_t *row = route_at(table, i);
        buf_t path = buf_make(500);
        for (const char *at = row->path; *at; at++) {
            if (*at == '{') {
                BUF_ADD(&path, "6b5a03c4-8516-4be6-a8b5-8130f2b9e20f");
                at = strchr(at, '}');
            } else {
                buf_add_c(&path, *at);
            }
        }
        route_match_t match = route_match(table, row->method, buf_str(&path));
        assert_ptr_equal(match.route, row);
        for (unsigned p = 0; p < row->param_count; p++)
            assert_int_equal(match.params[p].len, 36);
        buf_free(&path);
    }
}

static void literals_win_over_parameters(void **state)
{
    (void)state;
    assert_string_equal(route_match(table, METHOD_GET, STR("/v1/people/export")).route->name,
                        "people_export");
    assert_string_equal(route_match(table, METHOD_GET, STR("/v1/people/x")).route->name,
                        "person_get");
}

static void near_misses_are_no_routes(void **state)
{
    (void)state;
    static const char *const paths[] = {"/",
                                        "/v1",
                                        "/v1/",
                                        "/v1/people/",
                                        "/v1//people",
                                        "/v1/people/x/",
                                        "/v1/peoplex",
                                        "/V1/people",
                                        "/v1/people/x/timeline/y",
                                        "*",
                                        "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_false(route_match(table, METHOD_GET, str_of(paths[i])).is_path);
}

static void a_wrong_method_knows_the_right_ones(void **state)
{
    (void)state;
    route_match_t match = route_match(table, METHOD_DELETE, STR("/v1/people/x"));
    buf_t allow = buf_make(100);
    assert_true(match.is_path);
    assert_null(match.route);
    route_allow(&match, &allow);
    assert_text(buf_str(&allow), "GET, HEAD, PATCH, OPTIONS");
    buf_free(&allow);
    assert_non_null(route_match(table, METHOD_HEAD, STR("/v1/people/x")).route);
    assert_null(route_match(table, METHOD_OTHER, STR("/v1/people/x")).route);
}

static void rows_are_sane(void **state)
{
    (void)state;
    for (unsigned i = 0; i < route_count(table); i++) {
        const route_t *row = route_at(table, i);
        assert_true(row->roles != 0);
        assert_true(row->time_ms > 0);
        assert_int_equal(row->path[0], '/');
        if (row->method == METHOD_GET)
            assert_int_equal(row->body_bytes, 0);
        if (row->flags & FLAG_EXPORT)
            assert_int_equal(row->lane, DB_SLOW);
        if (row->roles & class_infos[CLASS_SYSTEM].role_bits)
            assert_true(row->flags & FLAG_MTLS);
    }
}

int main(void)
{
    arena = arena_new((size_t)16 << 20);
    table = route_table_new(arena);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_by_its_own_path),
        cmocka_unit_test(literals_win_over_parameters),
        cmocka_unit_test(near_misses_are_no_routes),
        cmocka_unit_test(a_wrong_method_knows_the_right_ones),
        cmocka_unit_test(rows_are_sane),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
