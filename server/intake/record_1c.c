/* SPDX-License-Identifier: Apache-2.0
 * The exchange formats of 1C:Enterprise 8: EnterpriseData and CommerceML 2. See records.h.
 *
 * Clients, cars, sales, customers' orders and work orders are taken; other catalogues and documents
 * (goods, prices, payments, orders from suppliers) are passed over. What the standards have no
 * place for (VIN, plate, mileage) is read where 1C configurations for car trade put it: elements of
 * the same name in EnterpriseData, values of requisites in CommerceML. */
#include <jansson.h>

#include "intake/records.h"

enum { SLOT_TYPE, SLOT_VALUE, SLOT_SHOWN, SLOT_NAME, SLOT_ROLE };

static bool begins(str_t text, const char *words)
{
    str_t rest = str_of(words);
    str_t word;
    while (str_split(&rest, '|', &word)) {
        if (str_starts(text, word)) {
            return true;
        }
    }
    return false;
}

/* Take a contact by its type: the first telephone, e-mail and address count. */
static void contact(records_t *records, record_t *record, str_t type, str_t value)
{
    if (begins(type, "Телефон|Мобильный|Сотовый|Рабочий|Домашний")) {
        records_set(records, record, FIELD_PHONE, value);
    } else if (begins(type, "Почта|Электронная|Email|E-mail|АдресЭлектронной|Адрес электронной")) {
        records_set(records, record, FIELD_EMAIL, value);
    } else if (begins(type, "Адрес|Фактический|Юридический|Почтовый")) {
        records_set(records, record, FIELD_ADDRESS, value);
    }
}

/* Take a value by the name that car trade gives it. */
static void named_value(records_t *records, record_t *main, str_t name, str_t value)
{
    static const struct {
        const char *names;
        table_field_t field;
    } known[] = {{"VIN|ВИН|Vin", FIELD_VIN},
                 {"Пробег", FIELD_MILEAGE_KM},
                 {"ГосНомер|Госномер|Гос", FIELD_PLATE},
                 {"Марка", FIELD_BRAND},
                 {"Модель", FIELD_MODEL},
                 {"ГодВыпуска|Год выпуска", FIELD_MODEL_YEAR},
                 {"Согласие", FIELD_CONSENT_EVIDENCE},
                 {"Линия|Направление", FIELD_LINE},
                 {"Отменен|Отменён|ПометкаУдаления|Пометка удаления", FIELD_IS_CANCELLED}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (begins(name, known[i].names)) {
            records_set(records, main, known[i].field, value);
            return;
        }
    }
}

/* --- EnterpriseData
 * ----------------------------------------------------------------------------------- */

static const record_place_t data_places[] = {
    {"Справочник.Контрагенты", "client"},       {"Справочник.ФизическиеЛица", "client"},
    {"Справочник.Автомобили", "vehicle"},       {"Документ.РеализацияТоваровУслуг", "sale"},
    {"Документ.РеализацияАвтомобиля", "sale"},  {"Документ.ЗаказНаряд", "repair_order"},
    {"Документ.ПоказаниеОдометра", "odometer"}, {"Документ.ЗаказКлиента", "order"},
    {"Документ.ЗаказПокупателя", "order"},      {NULL, NULL}};

static const char *const data_items[] = {"Товары/Строка", "!Услуги/Строка", "!Работы/Строка", NULL};

static const record_rule_t data_rules[] = {
    {"Контрагент/Ссылка", INTO_MAIN, FIELD_EXTERNAL_ID},
    {"Контрагент/КлючевыеСвойства/Ссылка", INTO_MAIN, FIELD_EXTERNAL_ID},
    {"Владелец/Ссылка", INTO_MAIN, FIELD_EXTERNAL_ID},
    {"Владелец/КлючевыеСвойства/Ссылка", INTO_MAIN, FIELD_EXTERNAL_ID},
    {"/КлючевыеСвойства/Номер", INTO_MAIN, FIELD_NUMBER},
    {"/КлючевыеСвойства/Дата", INTO_MAIN, FIELD_ON},
    {"/КлючевыеСвойства/НаименованиеПолное", INTO_MAIN, FIELD_NAME},
    {"/КлючевыеСвойства/ИНН", INTO_MAIN, FIELD_INN},
    {"/КлючевыеСвойства/КПП", INTO_MAIN, FIELD_KPP},
    {"/НаименованиеПолное", INTO_MAIN, FIELD_NAME},
    {"/Фамилия", INTO_MAIN, FIELD_SURNAME},
    {"/Имя", INTO_MAIN, FIELD_GIVEN_NAME},
    {"/Отчество", INTO_MAIN, FIELD_PATRONYMIC},
    {"ФИО/Фамилия", INTO_MAIN, FIELD_SURNAME},
    {"ФИО/Имя", INTO_MAIN, FIELD_GIVEN_NAME},
    {"ФИО/Отчество", INTO_MAIN, FIELD_PATRONYMIC},
    {"/ДатаРождения", INTO_MAIN, FIELD_BORN_ON},
    {"/КлючевыеСвойства/ДатаРождения", INTO_MAIN, FIELD_BORN_ON},
    {"/Сумма", INTO_MAIN, FIELD_AMOUNT},
    {"Валюта/ДанныеКлассификатора/Код", INTO_MAIN, FIELD_CURRENCY},
    {"Валюта/Код", INTO_MAIN, FIELD_CURRENCY},
    {"/ПричинаОбращения", INTO_MAIN, FIELD_WHAT},
    {"/Комментарий", INTO_MAIN, FIELD_WHAT},
    {"Строка/Сумма", INTO_ITEM, FIELD_AMOUNT},
    {"Строка/Количество", INTO_ITEM, FIELD_QUANTITY},
    {"Строка/Цена", INTO_ITEM, FIELD_PRICE},
    {"Строка/Содержание", INTO_ITEM, FIELD_WHAT},
    {"Номенклатура/Наименование", INTO_ITEM, FIELD_WHAT},
    {"Номенклатура/Код", INTO_ITEM, FIELD_CODE},
    {"Номенклатура/Артикул", INTO_ITEM, FIELD_CODE},
    {NULL, INTO_MAIN, FIELD_RECORD}};

/* What a field of contact information shows: its own text, or that of the XML or JSON in it. */
static void shown(records_t *records, record_t *main, str_t type, str_t value)
{
    static const char mark[] = "Представление=\"";
    if (str_starts(value, STR("{"))) {
        json_t *object = json_loadb(value.ptr, value.len, 0, NULL);
        contact(records, main, type, str_of(json_string_value(json_object_get(object, "value"))));
        json_decref(object);
        return;
    }
    const char *at = value.len == 0 ? NULL : memmem(value.ptr, value.len, mark, sizeof mark - 1);
    if (at != NULL) {
        value = str_skip(value, (size_t)(at - value.ptr) + sizeof mark - 1);
        value.len = str_find(value, '"');
    }
    contact(records, main, type, value);
}

static void data_text(records_t *records, str_t path, str_t text)
{
    record_t *main = records_main(records);
    bool is_client = strcmp(records_place(records), "client") == 0;
    if (record_path_is(path, "/КлючевыеСвойства/Ссылка")) {
        records_set(records, main, FIELD_RECORD_ID, text);
    }
    if (record_path_is(path, "ВидКонтактнойИнформации")) {
        records_slot_set(records, SLOT_TYPE, text);
    } else if (record_path_is(path, "ЗначенияПолей") || record_path_is(path, "Значение")) {
        records_slot_set(records, SLOT_VALUE, text);
    } else if (record_path_is(path, "Представление")) {
        records_slot_set(records, SLOT_SHOWN, text);
    } else if (is_client && record_path_is(path, "/КлючевыеСвойства/Ссылка")) {
        records_set(records, main, FIELD_EXTERNAL_ID, text);
    } else if (is_client && record_path_is(path, "/КлючевыеСвойства/Наименование")) {
        records_slot_set(records, SLOT_NAME, text);
    } else if (record_path_is(path, "ЮридическоеФизическоеЛицо")) {
        records_set(records, main, FIELD_KIND,
                    begins(text, "Физическое") ? STR("PERSON") : STR("COMPANY"));
    } else if (!record_path_is(path, "КлючевыеСвойства/Ссылка")) {
        size_t slash = path.len;
        while (slash > 0 && path.ptr[slash - 1] != '/') {
            slash--;
        }
        named_value(records, main, str_skip(path, slash), text);
    }
}

static void data_close(records_t *records, str_t path)
{
    if (record_path_is(path, "КонтактнаяИнформация/Строка")) {
        str_t value = records_slot(records, SLOT_SHOWN);
        value = value.len == 0 ? records_slot(records, SLOT_VALUE) : value;
        shown(records, records_main(records), records_slot(records, SLOT_TYPE), value);
        records_slot_set(records, SLOT_TYPE, str_n("", 0));
        records_slot_set(records, SLOT_VALUE, str_n("", 0));
        records_slot_set(records, SLOT_SHOWN, str_n("", 0));
    }
}

static void data_end(records_t *records)
{
    record_t *main = records_main(records);
    if (main->values[FIELD_SURNAME].len == 0) {
        records_set(records, main, FIELD_NAME, records_slot(records, SLOT_NAME));
    }
}

const record_format_t record_enterprise_data = {"enterprise-data", "EnterpriseData", data_places,
                                                data_rules,        data_items,       NULL,
                                                data_text,         data_close,       data_end};

/* --- CommerceML 2
 * --------------------------------------------------------------------------------------- */

static const record_place_t trade_places[] = {
    {"Документ", NULL}, {"Контрагенты/Контрагент", "client"}, {NULL, NULL}};

static const char *const trade_items[] = {"Товары/Товар", NULL};

static const record_rule_t trade_rules[] = {{"Товар/Ид", INTO_ITEM, FIELD_CODE},
                                            {"Товар/Артикул", INTO_ITEM, FIELD_CODE},
                                            {"Товар/Наименование", INTO_ITEM, FIELD_WHAT},
                                            {"Товар/Количество", INTO_ITEM, FIELD_QUANTITY},
                                            {"Товар/ЦенаЗаЕдиницу", INTO_ITEM, FIELD_PRICE},
                                            {"Товар/Сумма", INTO_ITEM, FIELD_AMOUNT},
                                            {"/Номер", INTO_MAIN, FIELD_NUMBER},
                                            {"/Дата", INTO_MAIN, FIELD_ON},
                                            {"/Сумма", INTO_MAIN, FIELD_AMOUNT},
                                            {"/Валюта", INTO_MAIN, FIELD_CURRENCY},
                                            {"/Комментарий", INTO_MAIN, FIELD_WHAT},
                                            {NULL, INTO_MAIN, FIELD_RECORD}};

/* What a text says of a client, whether he stands alone or in a document. */
static bool client_text(records_t *records, record_t *who, str_t path, str_t text)
{
    static const struct {
        const char *path;
        table_field_t field;
    } known[] = {{"ПолноеНаименование", FIELD_NAME},
                 {"ОфициальноеНаименование", FIELD_NAME},
                 {"Фамилия", FIELD_SURNAME},
                 {"Имя", FIELD_GIVEN_NAME},
                 {"Отчество", FIELD_PATRONYMIC},
                 {"ДатаРождения", FIELD_BORN_ON},
                 {"ИНН", FIELD_INN},
                 {"КПП", FIELD_KPP}};
    if (record_path_is(path, "ОфициальноеНаименование")) {
        records_set(records, who, FIELD_KIND, STR("COMPANY"));
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (record_path_is(path, known[i].path)) {
            records_set(records, who, known[i].field, text);
            return true;
        }
    }
    if (record_path_is(path, "Контакт/Тип") || record_path_is(path, "КонтактВид")) {
        records_slot_set(records, SLOT_TYPE, text);
    } else if (record_path_is(path, "Контакт/Значение")) {
        contact(records, who, records_slot(records, SLOT_TYPE), text);
    } else if (record_path_is(path, "Адрес/Представление") ||
               record_path_is(path, "АдресРегистрации/Представление")) {
        records_set(records, who, FIELD_ADDRESS, text);
    } else {
        return false;
    }
    return true;
}

static void trade_text(records_t *records, str_t path, str_t text)
{
    record_t *main = records_main(records);
    bool is_client = strcmp(records_place(records), "client") == 0;
    bool is_inside = memmem(path.ptr, path.len, "Контрагент/", strlen("Контрагент/")) != NULL;
    if (record_path_is(path, "/Ид")) {
        records_set(records, main, FIELD_RECORD_ID, text);
    }
    if (is_client || is_inside) {
        record_t *who = is_client ? main : records_client(records);
        if (record_path_is(path, is_client ? "/Ид" : "Контрагент/Ид")) {
            records_set(records, who, FIELD_EXTERNAL_ID, text);
        } else if (record_path_is(path, is_client ? "/Наименование" : "Контрагент/Наименование")) {
            records_slot_set(records, SLOT_SHOWN, text);
        } else if (client_text(records, who, path, text)) {
            return;
        }
    }
    if (record_path_is(path, "/ХозОперация")) {
        bool is_work = begins(text, "Заказ-наряд|Заказ наряд|Ремонт|Заказ на ремонт");
        bool is_sale = begins(text, "Отпуск|Розничная|Продажа|Реализация");
        bool is_order = begins(text, "Заказ товара|Заказ клиента|Заказ покупателя");
        records_set(records, main, FIELD_RECORD,
                    is_work    ? STR("repair_order")
                    : is_sale  ? STR("sale")
                    : is_order ? STR("order")
                               : STR(""));
    } else if (!is_client && record_path_is(path, "/Роль")) {
        records_slot_set(records, SLOT_ROLE, text);
    } else if (record_path_is(path, "ЗначениеРеквизита/Наименование")) {
        records_slot_set(records, SLOT_NAME, text);
    } else if (record_path_is(path, "ЗначениеРеквизита/Значение")) {
        records_slot_set(records, SLOT_VALUE, text);
    }
}

static void trade_close(records_t *records, str_t path)
{
    if (!record_path_is(path, "ЗначениеРеквизита")) {
        return;
    }
    str_t name = records_slot(records, SLOT_NAME);
    str_t value = records_slot(records, SLOT_VALUE);
    if (begins(name, "ТипНоменклатуры")) {
        records_set(records, records_item(records), FIELD_IS_WORK,
                    begins(value, "Услуга|Работа") ? STR("1") : STR("0"));
    } else {
        named_value(records, records_main(records), name, value);
    }
}

static void trade_end(records_t *records)
{
    record_t *main = records_main(records);
    bool is_client = strcmp(records_place(records), "client") == 0;
    bool is_order = str_eq(main->values[FIELD_RECORD], STR("order"));
    bool is_buying = !is_client && begins(records_slot(records, SLOT_ROLE), "Покупатель");
    str_t name = records_slot(records, SLOT_SHOWN);
    /* an order that names nobody is no customer's */
    main->is_used = is_client || (main->values[FIELD_RECORD].len > 0 && !is_buying &&
                                  !(is_order && name.len == 0));
    if (is_buying && name.len > 0) {
        main->is_used = main->is_passed = true; /* a supplier is no client, nor left out unsaid */
        return;
    }
    if (name.len == 0) {
        return;
    }
    record_t *who = is_client ? main : records_client(records);
    if (who->values[FIELD_SURNAME].len == 0) {
        records_set(records, who, FIELD_NAME, name);
    }
    if (who->values[FIELD_KPP].len > 0 || who->values[FIELD_INN].len == 10) {
        records_set(records, who, FIELD_KIND, STR("COMPANY"));
    }
}

const record_format_t record_commerceml = {
    "commerceml",
    "КоммерческаяИнформация|\xCA\xEE\xEC\xEC\xE5\xF0\xF7\xE5\xF1\xEA\xE0\xFF", /* UTF-8, 1251 */
    trade_places,
    trade_rules,
    trade_items,
    NULL,
    trade_text,
    trade_close,
    trade_end};
