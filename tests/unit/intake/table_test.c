/* SPDX-License-Identifier: Apache-2.0
 * Files of rows in any form: server/intake/table, on the samples of clients/kit and on broken
 * files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "intake/table.h"
#include "intake/table_fields.h"
#include "scratch.h"

#define SAMPLES CLIENTELE_SOURCE_DIR "/clients/kit/samples/"

static void write_file(const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    (void)fclose(file);
}

static table_t *open_sample(const char *name, const char *format, const char *encoding)
{
    char file[400];
    const char *flaw = NULL;
    (void)snprintf(file, sizeof file, "%s%s", SAMPLES, name);
    table_t *table = table_open(file, NULL, &flaw);
    assert_null(flaw);
    assert_non_null(table);
    assert_string_equal(table_facts(table)->format, format);
    assert_string_equal(table_facts(table)->encoding, encoding);
    return table;
}

/* The next row as "line|cell|cell|..." without empty cells at the end. */
static void expect(table_t *table, const char *wanted)
{
    table_row_t row;
    buf_t text = buf_make(1 << 20);
    assert_true(table_next(table, &row));
    buf_addf(&text, "%d", row.line);
    if (row.flaw != NULL) {
        buf_addf(&text, "!%s", row.flaw);
    }
    unsigned count = row.count;
    while (count > 0 && row.cells[count - 1].len == 0) {
        count--;
    }
    for (unsigned i = 0; i < count; i++) {
        buf_add_c(&text, '|');
        buf_add_str(&text, row.cells[i]);
    }
    buf_add_c(&text, '\0');
    assert_string_equal(text.ptr, wanted);
    buf_free(&text);
}

/* The next row of an exchange format as "line name=value ..." */
static void expect_fields(table_t *table, const char *wanted)
{
    static const char *const names[] = {
#define TABLE_FIELD(id, name) name,
        TABLE_FIELDS(TABLE_FIELD)
#undef TABLE_FIELD
    };
    table_row_t row;
    buf_t text = buf_make(1 << 20);
    assert_true(table_next(table, &row));
    buf_addf(&text, "%d", row.line);
    for (unsigned i = 0; i < row.count; i++) {
        if (row.cells[i].len > 0) {
            buf_addf(&text, " %s=%.*s", names[i], (int)row.cells[i].len, row.cells[i].ptr);
        }
    }
    buf_add_c(&text, '\0');
    assert_string_equal(text.ptr, wanted);
    buf_free(&text);
}

static void expect_end(table_t *table)
{
    table_row_t row;
    assert_false(table_next(table, &row));
    assert_null(table_flaw(table));
    assert_int_equal(table_done_bytes(table), table_total_bytes(table));
    table_close(table);
}

static void enterprise_data_becomes_clients_cars_sales_orders_and_their_lines(void **state)
{
    table_row_t header;
    table_t *table = open_sample("1c8-enterprise-data.xml", "enterprise-data", "utf-8");
    (void)state;
    assert_true(table_facts(table)->is_named);
    assert_true(table_next(table, &header));
    assert_int_equal(header.count, FIELD_COUNT);
    expect_fields(table,
                  "22 record=client external_id=0b5a0b0e-0001-11ee-8001-000000000001 kind=PERSON "
                  "name=Смирнова Анна Петровна phone=+7 (900) 001-10-01 "
                  "email=smirnova@client.example consent_evidence=анкета 118 от 02.10.2026"
                  " record_id=0b5a0b0e-0001-11ee-8001-000000000001");
    expect_fields(table,
                  "41 record=client external_id=0b5a0b0e-0001-11ee-8001-000000000002 kind=COMPANY "
                  "name=ООО \"Автопарк & Ко\" inn=7707083893 kpp=770701001 "
                  "phone=8 (900) 001-10-02"
                  " record_id=0b5a0b0e-0001-11ee-8001-000000000002");
    expect_fields(table, "57 record=vehicle external_id=0b5a0b0e-0001-11ee-8001-000000000001 "
                         "vin=XZGFF04A0KA000117 plate=А117ВС777 model=F7 model_year=2021"
                         " record_id=0b5a0b0e-0002-11ee-8001-000000000001");
    expect_fields(table, "70 record=sale external_id=0b5a0b0e-0001-11ee-8001-000000000002 "
                         "vin=XZGFF04A0KA000118 number=ДЦ00-000117 on=2026-10-05T12:30:00 "
                         "amount=2150000.00"
                         " record_id=0b5a0b0e-0003-11ee-8001-000000000001");
    expect_fields(table, "94 record=repair_order external_id=0b5a0b0e-0001-11ee-8001-000000000001 "
                         "vin=XZGFF04A0KA000117 number=ЗН00-000931 on=2026-11-12T09:00:00 "
                         "amount=12345.67 mileage_km=45120 what=ТО-3"
                         " record_id=0b5a0b0e-0004-11ee-8001-000000000001");
    expect_fields(table,
                  "110 record=order_line number=ЗН00-000931 amount=3000.00 what=Замена масла "
                  "position=1 code=Р-0012 quantity=1.5 price=2000.00 is_work=1"
                  " record_id=0b5a0b0e-0004-11ee-8001-000000000001");
    expect_fields(table, "121 record=order_line number=ЗН00-000931 amount=9345.67 "
                         "what=Масло моторное 5W-30 position=2 code=08880-83322 quantity=4 "
                         "price=2336.42 is_work=0"
                         " record_id=0b5a0b0e-0004-11ee-8001-000000000001");
    expect_end(table);
}

static void commerceml_in_windows_1251_gives_the_client_before_his_document(void **state)
{
    table_row_t header;
    table_t *table = open_sample("1c8-commerceml.xml", "commerceml", "windows-1251");
    (void)state;
    assert_true(table_next(table, &header));
    expect_fields(table, "4 record=client external_id=c-201 surname=Кузнецов given_name=Игорь "
                         "patronymic=Олегович born_on=1984-03-09 phone=8 (900) 002-20-01 "
                         "email=kuznetsov@client.example"
                         " record_id=c-201");
    expect_fields(table, "24 record=client external_id=c-202 name=Белова Мария Игоревна "
                         "phone=+7 900 002-20-02"
                         " record_id=d-1");
    expect_fields(table,
                  "25 record=repair_order external_id=c-202 vin=XZGFF04A0KA000220 number=ЗН-77 "
                  "on=2026-11-10 amount=8400.50 mileage_km=61000 currency=руб"
                  " record_id=d-1");
    expect_fields(table,
                  "47 record=order_line number=ЗН-77 amount=1400.50 what=Диагностика подвески "
                  "position=1 code=w-1 quantity=1 price=1400.50 is_work=1"
                  " record_id=d-1");
    expect_fields(table,
                  "60 record=order_line number=ЗН-77 amount=7000 what=Амортизатор position=2 "
                  "code=p-9 quantity=2 price=3500 is_work=0"
                  " record_id=d-1");
    expect_end(table);
}

static void customers_orders_are_taken_and_our_own_orders_are_not(void **state)
{
    static const char trade[] =
        "<?xml version=\"1.0\"?><КоммерческаяИнформация>"
        "<Документ><Номер>З-1</Номер><Дата>2026-11-11</Дата>"
        "<ХозОперация>Заказ товара</ХозОперация><Роль>Продавец</Роль>"
        "<Контрагенты><Контрагент><Ид>c-9</Ид><Наименование>Белова</Наименование>"
        "</Контрагент></Контрагенты><ЗначенияРеквизитов><ЗначениеРеквизита>"
        "<Наименование>Отменен</Наименование><Значение>true</Значение>"
        "</ЗначениеРеквизита></ЗначенияРеквизитов></Документ>"
        "<Документ><Номер>З-2</Номер><Дата>2026-11-11</Дата>"
        "<ХозОперация>Заказ товара</ХозОперация><Роль>Покупатель</Роль></Документ>"
        "<Документ><Номер>П-4</Номер><Дата>2026-11-11</Дата>"
        "<ХозОперация>Отпуск товара</ХозОперация><Роль>Покупатель</Роль><Контрагенты>"
        "<Контрагент><Ид>s-1</Ид><Наименование>Поставщик</Наименование></Контрагент>"
        "</Контрагенты></Документ>"
        "</КоммерческаяИнформация>";
    static const char data[] =
        "<?xml version=\"1.0\"?><Message><Format>EnterpriseData/1.8</Format><Body>"
        "<Документ.ЗаказКлиента><КлючевыеСвойства><Номер>З-3</Номер><Дата>2026-11-12</Дата>"
        "</КлючевыеСвойства><Контрагент><Ссылка>r-1</Ссылка></Контрагент>"
        "<Валюта><ДанныеКлассификатора><Код>643</Код></ДанныеКлассификатора></Валюта>"
        "<Сумма>100.00</Сумма></Документ.ЗаказКлиента></Body></Message>";
    table_row_t header;
    const char *flaw = NULL;
    (void)state;
    write_file(trade, sizeof trade - 1);
    table_t *table = table_open(path, NULL, &flaw);
    assert_non_null(table);
    assert_true(table_next(table, &header));
    expect_fields(table, "1 record=client external_id=c-9 name=Белова");
    expect_fields(table,
                  "2 record=order external_id=c-9 number=З-1 on=2026-11-11 is_cancelled=true");
    expect(table, "3!passed-over"); /* a supplier is no client, and is told */
    expect_end(table);
    write_file(data, sizeof data - 1);
    table = table_open(path, NULL, &flaw);
    assert_non_null(table);
    assert_true(table_next(table, &header));
    expect_fields(table, "1 record=order external_id=r-1 number=З-3 on=2026-11-12 amount=100.00 "
                         "currency=643");
    expect_end(table);
}

static void a_zip64_workbook_is_refused_by_its_name(void **state)
{
    static const char book[] =
        "PK\x03\x04" /* an end of directory whose numbers stand elsewhere */
        "PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0";
    const char *flaw = NULL;
    (void)state;
    write_file(book, sizeof book - 1);
    assert_null(table_open(path, NULL, &flaw));
    assert_string_equal(flaw, "zip-64");
}

static void an_adf_lead_names_what_the_person_asks_for_and_not_what_he_gives(void **state)
{
    table_row_t header;
    table_t *table = open_sample("portal-lead.xml", "adf", "utf-8");
    (void)state;
    assert_true(table_next(table, &header));
    expect_fields(table, "3 record=lead external_id=avto-portal L-90017 surname=Зимина "
                         "given_name=Оксана phone=+7 900 006-60-01 email=zimina@client.example "
                         "city=Тула brand=Haval model=Jolion model_year=2026 "
                         "on=2026-11-21T14:05:00+03:00 what=Тест-драйв в субботу code=L-90017 "
                         "source=Авто-портал occasion=web_request interest=Haval Jolion 2026 "
                         "Тест-драйв в субботу consent_evidence=ADF avto-portal L-90017 "
                         "2026-11-21T14:05:00+03:00");
    expect_end(table);
}

static void files_of_1c_77_keep_letters_quotes_and_decimal_commas(void **state)
{
    table_t *table = open_sample("1c77-clients.csv", "csv", "windows-1251");
    (void)state;
    assert_int_equal(table_facts(table)->separator, ';');
    expect(table, "1|Код|Наименование|Телефон|Эл.почта|ИНН|Согласие");
    expect(table, "2|00001|Орлова Вера Сергеевна|8-900-003-30-01|orlova@client.example||анкета 5");
    expect(table, "3|00002|ИП \"Рассвет\"; магазин|9000033002");
    expect(table, "4|00003|Ёлкин Пётр|+7 (900) 003 30 03|||договор № 17");
    expect_end(table);
    table = open_sample("1c77-drop.xml", "xml", "windows-1251");
    expect(table, "0|Код|ФИО|Телефон|Согласие");
    expect(table, "3|00011|Титова Нина Павловна|8-900-004-40-01|анкета 9");
    expect(table, "8|00012|Жуков Лев|8-900-004-40-02,8-900-004-40-03");
    expect_end(table);
}

static void json_lines_are_flattened_under_the_names_of_all_lines(void **state)
{
    table_t *table = open_sample("dms-clients.jsonl", "json-lines", "utf-8");
    (void)state;
    expect(table, "0|id|name.last|name.first|phone|consents|consent|vip");
    expect(table, "1|501|Громов|Павел|+7 900 005-50-01|EMAIL,CALL|form 77");
    expect(table, "2|502|Лаврова|Ия|89000055002|||true");
    expect_end(table);
    static const char broken[] = "{\"a\":1}\nnot json\n[1]\n\n{\"a\":1,\"a\":2}\n{\"a\":\"x\"}";
    const char *flaw = NULL;
    write_file(broken, sizeof broken - 1);
    table = table_open(path, NULL, &flaw);
    expect(table, "0|a");
    expect(table, "1|1");
    expect(table, "2!json-broken");
    expect(table, "3!json-broken");
    expect(table, "5!json-broken");
    expect(table, "6|x");
    expect_end(table);
}

static void a_workbook_gives_shared_and_inline_texts_numbers_and_dates(void **state)
{
    table_t *table = open_sample("excel-clients.xlsx", "xlsx", "utf-8");
    const char *flaw = NULL;
    (void)state;
    assert_int_equal(table_facts(table)->sheet_count, 2);
    assert_int_equal(table_facts(table)->sheet, 1); /* the first is empty */
    expect(table, "1|Фамилия|Телефон|Дата рождения|Сумма|Когда");
    expect(table, "3|Иванова|89000077001|1984-02-01|12345.67|2024-05-31 14:30");
    expect(table, "5| Пет & ров ||1900-03-01");
    expect(table, "6|БезAдреса|1");
    table_row_t row;
    assert_false(table_next(table, &row));
    assert_null(table_flaw(table));
    table_close(table);
    table = table_open(SAMPLES "excel-clients.xlsx", "Пусто", &flaw);
    assert_int_equal(table_facts(table)->sheet, 0);
    assert_false(table_next(table, &row));
    table_close(table);
}

static void broken_files_are_named_and_bounded(void **state)
{
    static const struct {
        const char *text;
        const char *flaw;
    } wrong[] = {{"", "empty"},
                 {"PK\x03\x04 but no archive at all, and no directory", "zip-broken"},
                 {"<a><b></a>", "xml-broken"},
                 {"<!DOCTYPE a [<!ENTITY x \"y\">]><a><b>&x;</b></a>", "xml-doctype"},
                 {"<a/>", "not-table"},
                 {"{}", "not-table"},
                 {"%PDF-1.4", "not-text"}};
    const char *flaw = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_file(wrong[i].text, strlen(wrong[i].text));
        assert_null(table_open(path, NULL, &flaw));
        assert_string_equal(flaw, wrong[i].flaw);
    }
    buf_t deep = buf_make(1 << 20);
    for (int i = 0; i < 100; i++) {
        BUF_ADD(&deep, "<a>");
    }
    write_file(deep.ptr, deep.len);
    assert_null(table_open(path, NULL, &flaw));
    assert_string_equal(flaw, "xml-deep");
    buf_free(&deep);
    assert_null(table_open("/nonexistent", NULL, &flaw));
    assert_string_equal(flaw, "file");
}

/* A sheet that no relation names; a find of the fuzzer, kept in its corpus. */
static void a_workbook_without_relations_is_no_table(void **state)
{
    const char *flaw = NULL;
    (void)state;
    assert_null(table_open(
        CLIENTELE_SOURCE_DIR "/tests/fuzz/corpus/table/workbook-without-relations", NULL, &flaw));
    assert_string_equal(flaw, "not-table");
}

/* Every cut of a workbook, and every byte of it turned, is an answer and no crash. */
static void a_damaged_workbook_never_hurts(void **state)
{
    char bytes[16384];
    table_row_t row;
    const char *flaw = NULL;
    (void)state;
    FILE *file = fopen(SAMPLES "excel-clients.xlsx", "rb");
    assert_non_null(file);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    for (size_t i = 0; i < 2 * len; i += 3) {
        char *byte = &bytes[i % len];
        *byte = (char)(*byte ^ 0x55);
        write_file(bytes, i < len ? len : i - len);
        table_t *table = table_open(path, NULL, &flaw);
        for (int n = 0; table != NULL && n < 100 && table_next(table, &row); n++) {
        }
        table_close(table);
        *byte = (char)(*byte ^ 0x55);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enterprise_data_becomes_clients_cars_sales_orders_and_their_lines),
        cmocka_unit_test(a_zip64_workbook_is_refused_by_its_name),
        cmocka_unit_test(customers_orders_are_taken_and_our_own_orders_are_not),
        cmocka_unit_test(commerceml_in_windows_1251_gives_the_client_before_his_document),
        cmocka_unit_test(an_adf_lead_names_what_the_person_asks_for_and_not_what_he_gives),
        cmocka_unit_test(files_of_1c_77_keep_letters_quotes_and_decimal_commas),
        cmocka_unit_test(json_lines_are_flattened_under_the_names_of_all_lines),
        cmocka_unit_test(a_workbook_gives_shared_and_inline_texts_numbers_and_dates),
        cmocka_unit_test(broken_files_are_named_and_bounded),
        cmocka_unit_test(a_workbook_without_relations_is_no_table),
        cmocka_unit_test(a_damaged_workbook_never_hurts),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
