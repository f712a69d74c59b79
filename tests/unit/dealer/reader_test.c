/* SPDX-License-Identifier: Apache-2.0
 * Dealers' files: clients/dealer/reader, columns and fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "reader.h"

static fault_t fault;

/** Read a file whole and give its rows as one JSON array; a row in error is its sentence. */
static json_t *rows_of(const char *path, const char *kind, const char *map)
{
    row_t row;
    json_t *rows = json_array();
    fault = (fault_t){EXIT_FINE, ""};
    columns_t *columns = columns_new(str_of(kind), map, &fault);
    reader_t *reader = columns ? reader_open(path, columns, &fault) : NULL;
    if (!reader)
        fail_msg("%s", fault.text);
    while (reader_next(reader, &row, &fault))
        json_array_append_new(rows, row.data ? row.data : json_string(row.error));
    assert_int_equal(fault.status, EXIT_FINE);
    reader_close(reader);
    columns_free(columns);
    return rows;
}

static void expect(const char *path, const char *kind, const char *map, const char *expected)
{
    json_t *rows = rows_of(path, kind, map);
    char *text = json_dumps(rows, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, expected);
    free(text);
    json_decref(rows);
}

static void headers_are_known_in_both_languages(void **state)
{
    const char *path = folder_path(state, "a.csv");
    folder_write(path, "Код;Фамилия;Имя;Дата рождения;Телефон;E-mail;Пол\n"
                       "7;Иванов;Иван;05.03.1980;8 (903) 000-00-01;i@x.example;м\n");
    expect(path, "client", NULL,
           "[{\"born_on\":\"1980-03-05\",\"email\":\"i@x.example\",\"external_id\":\"7\","
           "\"given_name\":\"Иван\",\"phone\":\"8 (903) 000-00-01\",\"surname\":\"Иванов\"}]");
    folder_write(path,
                 "unique_id,first_name,surname,dob,city,email\n12,Ann,Lee,1990-01-02,Moscow,\n");
    expect(path, "client", NULL,
           "[{\"born_on\":\"1990-01-02\",\"city\":\"Moscow\",\"external_id\":\"12\","
           "\"given_name\":\"Ann\",\"surname\":\"Lee\"}]");
}

static void money_is_read_without_floating_point(void **state)
{
    const char *path = folder_path(state, "a.csv");
    folder_write(path, "Номер,Дата,Сумма\n1,19970101,11.77\n2,01.02.2024,\"1 234 567,8\"\n"
                       "3,2024-02-01 10:00:00,90071992547409\n4,x,12.345\n5,,-3\n");
    expect(path, "sale", NULL,
           "[{\"amount_kopecks\":1177,\"number\":\"1\",\"on\":\"1997-01-01\"},"
           "{\"amount_kopecks\":123456780,\"number\":\"2\",\"on\":\"2024-02-01\"},"
           "{\"amount_kopecks\":9007199254740900,\"number\":\"3\",\"on\":\"2024-02-01\"},"
           "{\"amount_kopecks\":\"12.345\",\"number\":\"4\",\"on\":\"x\"},"
           "{\"amount_kopecks\":-300,\"number\":\"5\"}]");
}

static void a_map_names_columns_and_constants(void **state)
{
    const char *path = folder_path(state, "a.csv"), *map = folder_path(state, "map");
    folder_write(path, "who,mail,id\nAnn Lee,a@x.example,3\n");
    folder_write(map, "# for a list\nname = who\nemail=mail\nbrand := Haval\nline := NEW\n"
                      "consent_evidence := form {id} of {who}\nconsent_channels := EMAIL, SMS\n"
                      "document_number := D-{id}\ndocument_kind := sale\n");
    expect(path, "client", map,
           "[{\"brand\":\"Haval\",\"consent_channels\":[\"EMAIL\",\"SMS\"],"
           "\"consent_evidence\":\"form 3 of Ann Lee\","
           "\"document\":{\"kind\":\"sale\",\"number\":\"D-3\"},\"email\":\"a@x.example\","
           "\"external_id\":\"3\",\"line\":\"NEW\",\"name\":\"Ann Lee\"}]");
}

static void a_wrong_map_is_refused_with_its_line(void **state)
{
    const char *map = folder_path(state, "map");
    folder_write(map, "name = who\nshoe_size = x\n");
    assert_null(columns_new(STR("client"), map, &fault));
    assert_non_null(strstr(fault.text, "line 2"));
    assert_null(columns_new(STR("customer"), NULL, &fault));
    folder_write(map, "name = nobody\n");
    columns_t *columns = columns_new(STR("client"), map, &fault);
    assert_non_null(columns);
    const str_t names[] = {STR("who")};
    assert_false(columns_bind(columns, names, 1, &fault));
    columns_free(columns);
}

static void a_broken_row_is_a_row_with_an_error(void **state)
{
    const char *path = folder_path(state, "a.csv");
    folder_write(path, "surname,city\nA,B\n\"C\"x,D\nE,F\n\"G,H\n");
    expect(
        path, "client", NULL,
        "[{\"city\":\"B\",\"surname\":\"A\"},\"quote-broken\",{\"city\":\"F\",\"surname\":\"E\"},"
        "\"quote-open\"]");
}

static void json_lines_are_read_flat_or_whole(void **state)
{
    const char *path = folder_path(state, "a.jsonl");
    folder_write(path,
                 "\xEF\xBB\xBF{\"surname\":\"Lee\",\"dob\":\"02.01.1990\",\"id\":5,\"inn\":null}\n"
                 "\n"
                 "{\"surname\":\"Kim\",\"document\":{\"number\":\"1\",\"kind\":\"sale\"}}\r\n"
                 "{\"kind\":\"sale\",\"data\":{\"number\":\"9\",\"amount_kopecks\":1}}\n"
                 "{\"kind\":\"shoe\",\"data\":{}}\n"
                 "{\"surname\":\"A\",\"surname\":\"B\"}\n[1]\n{\"size\":1}");
    expect(
        path, "client", NULL,
        "[{\"born_on\":\"1990-01-02\",\"external_id\":\"5\",\"surname\":\"Lee\"},"
        "{\"document\":{\"kind\":\"sale\",\"number\":\"1\"},\"surname\":\"Kim\"},"
        "{\"amount_kopecks\":1,\"number\":\"9\"},\"kind-unknown\",\"json-broken\",\"json-broken\","
        "\"columns-missing\"]");
}

static void a_file_is_named_by_its_content(void **state)
{
    char first[17], second[17];
    const char *path = folder_path(state, "a.csv");
    folder_write(path, "abc");
    assert_true(reader_file_id(path, first, &fault));
    assert_string_equal(first, "ba7816bf8f01cfea");
    folder_write(path, "abcd");
    assert_true(reader_file_id(path, second, &fault));
    assert_string_not_equal(first, second);
    assert_false(reader_file_id(folder_path(state, "none"), first, &fault));
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(headers_are_known_in_both_languages),
        IN_FOLDER(money_is_read_without_floating_point),
        IN_FOLDER(a_map_names_columns_and_constants),
        IN_FOLDER(a_wrong_map_is_refused_with_its_line),
        IN_FOLDER(a_broken_row_is_a_row_with_an_error),
        IN_FOLDER(json_lines_are_read_flat_or_whole),
        IN_FOLDER(a_file_is_named_by_its_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
