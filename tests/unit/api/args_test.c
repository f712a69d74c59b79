/* SPDX-License-Identifier: Apache-2.0
 * Requests to parameters: strict typing, and the field's name in every refusal. */
#include "test.h"

#include "api/args.h"
#include "api/value.h"

static arena_t *arena;

static const char *const labels[] = {"NEW", "USED"};
static const type_t t_text = {.oid = 25, .name = "text", .kind = TYPE_TEXT};
static const type_t t_int = {.oid = 23, .name = "int4", .kind = TYPE_INT4};
static const type_t t_big = {.oid = 20, .name = "int8", .kind = TYPE_INT8};
static const type_t t_bool = {.oid = 16, .name = "bool", .kind = TYPE_BOOL};
static const type_t t_uuid = {.oid = 2950, .name = "uuid", .kind = TYPE_UUID};
static const type_t t_date = {.oid = 1082, .name = "date", .kind = TYPE_DATE};
static const type_t t_time = {.oid = 1184, .name = "timestamptz", .kind = TYPE_TIMESTAMPTZ};
static const type_t t_json = {.oid = 114, .name = "json", .kind = TYPE_JSON};
static const type_t t_line = {
    .oid = 9999, .name = "line", .kind = TYPE_ENUM, .labels = labels, .label_count = 2};
static const type_t t_texts = {
    .oid = 1009, .name = "_text", .kind = TYPE_ARRAY, .element = &t_text};
static const type_t t_lines = {
    .oid = 9998, .name = "_line", .kind = TYPE_ARRAY, .element = &t_line};

#define A(NAME, TYPE, IS_OPTIONAL)                                                                 \
    {                                                                                              \
        "p_" NAME, NAME, &TYPE, IS_OPTIONAL                                                        \
    }
static argument_t arguments[] = {
    A("person_id", t_uuid, false), A("name", t_text, true),   A("age", t_int, true),
    A("money", t_big, true),       A("is_ok", t_bool, true),  A("on", t_date, true),
    A("at", t_time, true),         A("doc", t_json, true),    A("line", t_line, true),
    A("tags", t_texts, true),      A("lines", t_lines, true), A("limit", t_int, true),
    A("address", t_text, true),
};
enum { COUNT = sizeof arguments / sizeof arguments[0] };
static function_t function = {
    .name = "person_edit", .arguments = arguments, .argument_count = COUNT};
static route_t route = {.path = "/v1/people/{person_id}",
                        .name = "person_edit",
                        .function = &function,
                        .param_count = 1,
                        .params = {{"person_id", 9}}};

#define ID "6b5a03c4-8516-4be6-a8b5-8130f2b9e20f"

static err_t build(const char *id, const char *query, const char *body, args_t *args)
{
    str_t path[] = {str_of(id)};
    args_input_t input = {
        .route = &route, .path_values = path, .query = str_of(query), .body = str_of(body)};
    return args_build(arena, &input, args);
}

static void refused(const char *query, const char *body, err_code_t code, const char *field)
{
    args_t args;
    err_t error = build(ID, query, body, &args);
    assert_int_equal(error.code, code);
    if (field)
        assert_string_equal(error.field, field);
}

static const char *given(const char *query, const char *body, unsigned place)
{
    args_t args;
    err_t error = build(ID, query, body, &args);
    assert_int_equal(error.code, ERR_OK);
    return args.params->values[place];
}

static void values_arrive_in_the_order_of_the_signature(void **state)
{
    (void)state;
    args_t args;
    err_t error =
        build(ID, "", "{\"age\":7,\"name\":\"\xD0\x90\",\"is_ok\":false,\"address\":\"Baumana 1\"}",
              &args);
    assert_int_equal(error.code, ERR_OK);
    assert_int_equal(args.params->count, COUNT);
    assert_string_equal(args.params->values[0], ID);
    assert_string_equal(args.params->values[1], "\xD0\x90");
    assert_string_equal(args.params->values[2], "7");
    assert_null(args.params->values[3]);
    assert_string_equal(args.params->values[4], "false");
    assert_string_equal(args.params->values[12],
                        "Baumana 1"); /* the client's word, never the line's */
}

static void pages_have_a_default_and_a_ceiling(void **state)
{
    (void)state;
    args_t args;
    assert_string_equal(given("", "", 11), "50");
    assert_string_equal(given("limit=100", "", 11), "100");
    refused("limit=101", "", ERR_BAD_FIELD, "limit");
    refused("limit=0", "", ERR_BAD_FIELD, "limit");
    assert_int_equal(build(ID, "limit=3", "", &args).code, ERR_OK);
    assert_int_equal(args.limit, 3);
}

static void unknown_double_and_server_fields_are_refused(void **state)
{
    (void)state;
    refused("nme=x", "", ERR_UNKNOWN_FIELD, "nme");
    refused("", "{\"nme\":1}", ERR_UNKNOWN_FIELD, "nme");
    refused("name=a&name=b", "", ERR_BAD_FIELD, "name");
    refused("name=a", "{\"name\":\"b\"}", ERR_BAD_FIELD, "name");
    refused("", "{\"person_id\":\"" ID "\"}", ERR_BAD_FIELD, "person_id");
    refused("p_name=x", "", ERR_UNKNOWN_FIELD, "p_name");
    refused("", "[1]", ERR_BAD_JSON, NULL);
    refused("", "{\"name\":\"a\",\"name\":\"b\"}", ERR_BAD_JSON, NULL);
}

static void a_malformed_id_in_the_path_names_nothing(void **state)
{
    (void)state;
    static const char *const ids[] = {"", "1", "' or 1=1 --", "6b5a03c4-8516-4be6-a8b5-8130f2b9e20",
                                      "6b5a03c4x8516-4be6-a8b5-8130f2b9e20f"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        args_t args;
        assert_int_equal(build(ids[i], "", "", &args).code, ERR_NOT_FOUND);
    }
}

static void json_types_are_strict(void **state)
{
    (void)state;
    refused("", "{\"age\":\"7\"}", ERR_BAD_FIELD, "age");
    refused("", "{\"age\":7.0}", ERR_BAD_FIELD, "age");
    refused("", "{\"age\":2147483648}", ERR_BAD_FIELD, "age");
    refused("", "{\"is_ok\":1}", ERR_BAD_FIELD, "is_ok");
    refused("", "{\"is_ok\":\"true\"}", ERR_BAD_FIELD, "is_ok");
    refused("", "{\"name\":1}", ERR_BAD_FIELD, "name");
    refused("", "{\"line\":\"new\"}", ERR_BAD_FIELD, "line");
    refused("", "{\"tags\":\"a\"}", ERR_BAD_FIELD, "tags");
    refused("", "{\"tags\":[1]}", ERR_BAD_FIELD, "tags");
    refused("", "{\"lines\":[\"OLD\"]}", ERR_BAD_FIELD, "lines");
    refused("", "{\"tags\":[[\"a\"]]}", ERR_BAD_FIELD, "tags");
    assert_string_equal(given("", "{\"money\":-9007199254740993}", 3), "-9007199254740993");
    assert_null(given("", "{\"name\":null}", 1));
}

static void arrays_become_quoted_literals(void **state)
{
    (void)state;
    assert_string_equal(given("", "{\"tags\":[\"a,b\",\"c\\\"d\\\\\",\"\",\"NULL\",\"{}\"]}", 9),
                        "{ \"a,b\",\"c\\\"d\\\\\",\"\",\"NULL\",\"{}\"}");
    assert_string_equal(given("", "{\"tags\":[]}", 9), "{}");
    assert_string_equal(given("lines=NEW,USED", "", 10), "{ \"NEW\",\"USED\"}");
}

static void documents_pass_whole(void **state)
{
    (void)state;
    assert_string_equal(given("", "{\"doc\":{\"b\":[1,{\"c\":null}],\"a\":\"\xD1\x8F\"}}", 7),
                        "{\"b\":[1,{\"c\":null}],\"a\":\"\xD1\x8F\"}");
}

static void dates_must_exist(void **state)
{
    (void)state;
    assert_true(value_is_date(STR("2024-02-29")));
    assert_false(value_is_date(STR("2023-02-29")));
    assert_false(value_is_date(STR("2023-13-01")));
    assert_false(value_is_date(STR("2023-1-01")));
    assert_false(value_is_date(STR("0000-01-01")));
    assert_true(value_is_time(STR("2026-11-22T01:00:00Z")));
    assert_true(value_is_time(STR("2026-11-22T01:00:00.123456+03:00")));
    assert_false(value_is_time(STR("2026-11-22T01:00:00")));
    assert_false(value_is_time(STR("2026-11-22 01:00:00Z")));
    assert_false(value_is_time(STR("2026-11-22T24:00:00Z")));
    assert_false(value_is_time(STR("2026-11-22T01:00:00.Z")));
    assert_false(value_is_time(STR("2026-11-22T01:00:00+3:00")));
    refused("on=yesterday", "", ERR_BAD_FIELD, "on");
    refused("at=infinity", "", ERR_BAD_FIELD, "at");
}

static void required_values_are_missed_by_name(void **state)
{
    (void)state;
    arguments[1].is_optional = false;
    refused("", "{}", ERR_MISSING_FIELD, "name");
    refused("", "{\"name\":null}", ERR_MISSING_FIELD, "name");
    arguments[1].is_optional = true;
}

static void if_match_is_one_of_our_tags(void **state)
{
    (void)state;
    static argument_t with_match[] = {A("person_id", t_uuid, false), A("if_match", t_int, false)};
    static function_t edit = {.name = "edit", .arguments = with_match, .argument_count = 2};
    route_t edit_route = route;
    edit_route.function = &edit;
    static const struct {
        const char *tag;
        err_code_t code;
    } cases[] = {{NULL, ERR_IF_MATCH},
                 {"\"v12\"", ERR_OK},
                 {"*", ERR_CHANGED},
                 {"\"12\"", ERR_CHANGED},
                 {"W/\"v12\"", ERR_CHANGED},
                 {"\"v\"", ERR_CHANGED},
                 {"\"v99999999999\"", ERR_CHANGED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        args_t args;
        str_t path[] = {STR(ID)};
        args_input_t input = {
            .route = &edit_route, .path_values = path, .if_match = str_of(cases[i].tag)};
        assert_int_equal(args_build(arena, &input, &args).code, cases[i].code);
    }
}

static void position(const keys_t *keys, str_t text, char *query)
{
    unsigned char sealed[96];
    size_t len = keys_position_bytes(text.len);
    keys_position_seal(keys, text, sealed);
    memcpy(query, "after=", 6);
    str_to_hex(sealed, len, query + 6);
    query[6 + 2 * len] = 0;
}

static void a_read_that_asks_nothing_optional_has_the_parameters_of_the_plain_call(void **state)
{
    (void)state;
    static argument_t asked[] = {A("person_id", t_uuid, false), A("name", t_text, true),
                                 A("limit", t_int, true), A("after", t_text, true)};
    static function_t list = {.name = "list", .arguments = asked, .argument_count = 4};
    static db_statement_t plain;
    route_t list_route = route;
    list_route.function = &list;
    list_route.plain = &plain;
    keys_t keys = {.link = STR("fedcba9876543210fedcba9876543210")};
    char good[200], nul[200];
    position(&keys,
             STR("\xD0\x90"
                 "1"),
             good);
    position(&keys, STR("\xD0"), nul);
    const struct {
        const char *query;
        bool is_plain;
        unsigned count;
        const char *last;
    } cases[] = {{"", true, 2, "50"},
                 {"limit=7", true, 2, "7"},
                 {"after=", true, 2, "50"},
                 {"name=", false, 4, NULL},
                 {"name=x", false, 4, NULL},
                 {good, false, 4,
                  "\xD0\x90"
                  "1"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        args_t args;
        str_t path[] = {STR(ID)};
        args_input_t input = {.keys = &keys,
                              .route = &list_route,
                              .path_values = path,
                              .query = str_of(cases[i].query)};
        assert_int_equal(args_build(arena, &input, &args).code, ERR_OK);
        assert_int_equal(args.is_plain, cases[i].is_plain);
        assert_int_equal(args.params->count, cases[i].count);
        const char *last = args.params->values[args.params->count - 1];
        assert_string_equal(last ? last : "null", cases[i].last ? cases[i].last : "null");
    }
    char torn[200], forged[200];
    memcpy(torn, good, sizeof torn);
    torn[strlen(torn) - 2] = 0;
    memcpy(forged, good, sizeof forged);
    forged[20] = forged[20] == '0' ? '1' : '0';
    const char *const bad[] = {"after=x",      "after=d0", "after=ff", "after=00",
                               "after=d09031", nul,        torn,       forged};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        args_t args;
        str_t path[] = {STR(ID)};
        args_input_t input = {
            .keys = &keys, .route = &list_route, .path_values = path, .query = str_of(bad[i])};
        err_t error = args_build(arena, &input, &args);
        assert_int_equal(error.code, ERR_BAD_FIELD);
        assert_string_equal(error.field, "after");
    }
}

int main(void)
{
    arena = arena_new((size_t)64 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_arrive_in_the_order_of_the_signature),
        cmocka_unit_test(pages_have_a_default_and_a_ceiling),
        cmocka_unit_test(unknown_double_and_server_fields_are_refused),
        cmocka_unit_test(a_malformed_id_in_the_path_names_nothing),
        cmocka_unit_test(json_types_are_strict),
        cmocka_unit_test(arrays_become_quoted_literals),
        cmocka_unit_test(documents_pass_whole),
        cmocka_unit_test(dates_must_exist),
        cmocka_unit_test(required_values_are_missed_by_name),
        cmocka_unit_test(if_match_is_one_of_our_tags),
        cmocka_unit_test(a_read_that_asks_nothing_optional_has_the_parameters_of_the_plain_call),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
