/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <string.h>

#include "match/text.h"

#define FOLDED_BYTES 128

enum {
    CLIENT = 1,
    VEHICLE = 2,
    ORDER = 4,
    SALE = 8,
    LINE = 16,
    ODOMETER = 32,
    LEAD = 64,
    SIGNED = 128
};
enum { ALL = CLIENT | VEHICLE | ORDER | SALE | LEAD | SIGNED };

typedef enum { AS_TEXT, AS_DATE, AS_WHOLE, AS_ROUBLES, AS_LIST } shape_t;

typedef struct {
    const char *name;   /* column name of ours */
    const char *member; /* member of data; "document." prefix = inside the document */
    int kinds;
    shape_t shape;
    const char *aliases; /* folded, separated by | */
} field_t;

static const field_t FIELDS[] = {
    {"external_id", "external_id", ALL, AS_TEXT,
     "id|code|guid|uniqueid|customerid|clientid|код|ид|кодклиента"},
    {"kind", "kind", CLIENT | LEAD, AS_TEXT, "видлица"},
    {"name", "name", CLIENT | LEAD, AS_TEXT,
     "fio|fullname|client|customer|фио|клиент|контрагент|наименование|полноеимя"},
    {"surname", "surname", CLIENT | LEAD, AS_TEXT, "lastname|familyname|фамилия"},
    {"given_name", "given_name", CLIENT | LEAD, AS_TEXT, "firstname|имя"},
    {"patronymic", "patronymic", CLIENT | LEAD, AS_TEXT, "middlename|отчество"},
    {"born_on", "born_on", CLIENT, AS_DATE, "dob|birthdate|birthday|dateofbirth|датарождения|др"},
    {"phone", "phone", CLIENT | LEAD, AS_TEXT,
     "tel|telephone|mobile|phonenumber|телефон|мобильный|мобильныйтелефон|тел"},
    {"email", "email", CLIENT | LEAD, AS_TEXT,
     "mail|emailaddress|почта|электроннаяпочта|элпочта|имейл"},
    {"city", "city", CLIENT | LEAD, AS_TEXT, "town|город|населенныйпункт|населённыйпункт"},
    {"inn", "inn", CLIENT, AS_TEXT, "taxnumber|taxid|инн"},
    {"kpp", "kpp", CLIENT, AS_TEXT, "кпп"},
    {"address", "address", CLIENT, AS_TEXT, "адрес"},
    {"vin", "vin", ALL | ODOMETER, AS_TEXT, "vincode|вин|винкод|vinкод"},
    {"plate", "plate", CLIENT | VEHICLE, AS_TEXT, "regnumber|licenseplate|госномер|номеравто|гн"},
    {"brand", "brand", ALL, AS_TEXT, "make|марка|бренд"},
    {"line", "line", CLIENT | SALE | LEAD | SIGNED, AS_TEXT, "businessline|направление|вид"},
    {"model", "model", VEHICLE, AS_TEXT, "modelname|модель"},
    {"model_year", "model_year", VEHICLE, AS_WHOLE, "year|год|годвыпуска"},
    {"consent_evidence", "consent_evidence", CLIENT | LEAD, AS_TEXT,
     "consent|согласие|основаниесогласия"},
    {"consent_channels", "consent_channels", CLIENT | LEAD, AS_LIST,
     "channels|каналы|каналысогласия"},
    {"document_number", "document.number", CLIENT, AS_TEXT, "document|документ|номердокумента"},
    {"document_kind", "document.kind", CLIENT, AS_TEXT, "documenttype|виддокумента"},
    {"document_on", "document.on", CLIENT, AS_DATE, "documentdate|датадокумента"},
    {"document_amount_kopecks", "document.amount_kopecks", CLIENT, AS_WHOLE, ""},
    {"document_amount", "document.amount_kopecks", CLIENT, AS_ROUBLES, "суммадокумента"},
    {"number", "number", ORDER | SALE | LINE | SIGNED, AS_TEXT,
     "document|documentnumber|номер|номердокумента|заказнаряд"},
    {"on", "on", ORDER | SALE | ODOMETER | SIGNED, AS_DATE,
     "date|soldon|openedon|дата|датадокумента"},
    {"amount_kopecks", "amount_kopecks", ORDER | SALE | LINE | SIGNED, AS_WHOLE, "kopecks|копейки"},
    {"amount", "amount_kopecks", ORDER | SALE | LINE | SIGNED, AS_ROUBLES,
     "sum|total|price|сумма|стоимость"},
    {"mileage_km", "mileage_km", ORDER | ODOMETER, AS_WHOLE, "mileage|odometer|пробег"},
    {"what", "what", ORDER | LINE, AS_TEXT,
     "works|description|работы|описание|содержание|наименование|номенклатура"},
    {"order_kind", "order_kind", ORDER, AS_TEXT, "видремонта"},
    {"position", "position", LINE, AS_WHOLE, "lineno|номерстроки|нпп"},
    {"code", "code", LINE, AS_TEXT, "article|sku|код|артикул"},
    {"quantity", "quantity", LINE, AS_TEXT, "qty|количество|кол"},
    {"price", "price_kopecks", LINE, AS_ROUBLES, "цена"},
    {"is_work", "is_work", LINE, AS_TEXT, "work|работа|услуга"},
    {"is_cancelled", "is_cancelled", SIGNED, AS_TEXT, "cancelled|отменен|отменён"},
    {"currency", "currency", SALE | ORDER | SIGNED, AS_TEXT, "валюта|кодвалюты"},
    {"is_paid", "is_paid", ORDER, AS_TEXT, "paid|оплачен"},
    {"source", "source", LEAD, AS_TEXT, "источник"},
    {"occasion", "occasion", LEAD, AS_TEXT, "повод"},
    {"interest", "interest", CLIENT | LEAD, AS_TEXT, "интерес"},
};
#define FIELD_COUNT ((int)(sizeof FIELDS / sizeof *FIELDS))

static int kind_bit(str_t kind)
{
    if (str_eq(kind, STR("client")))
        return CLIENT;
    if (str_eq(kind, STR("vehicle")))
        return VEHICLE;
    if (str_eq(kind, STR("repair_order")))
        return ORDER;
    if (str_eq(kind, STR("order_line")))
        return LINE;
    if (str_eq(kind, STR("odometer")))
        return ODOMETER;
    if (str_eq(kind, STR("lead")))
        return LEAD;
    if (str_eq(kind, STR("order")))
        return SIGNED;
    return str_eq(kind, STR("sale")) ? SALE : 0;
}

bool kind_is_known(str_t kind)
{
    return kind_bit(kind) != 0;
}

/** Fold a column name: lower case, letters and digits only. out: bytes written, at most
 * FOLDED_BYTES */
static size_t fold(str_t name, char *out)
{
    text_t rest = text_of(name.ptr, name.len);
    uint32_t scalar;
    size_t len = 0;
    while (len + TEXT_UTF8_MAX <= FOLDED_BYTES && text_next(&rest, &scalar)) {
        scalar = text_lower(text_narrow(scalar));
        bool is_plain = (scalar >= '0' && scalar <= '9') || (scalar >= 'a' && scalar <= 'z');
        if (is_plain || (scalar > 0xBF && scalar < 0x2000))
            len += text_put(scalar, out + len);
    }
    return len;
}

int field_find(str_t kind, str_t column)
{
    char folded[FOLDED_BYTES], own[FOLDED_BYTES];
    str_t key = str_n(folded, fold(column, folded));
    int bit = kind_bit(kind);
    for (int i = 0; key.len > 0 && i < FIELD_COUNT; i++) {
        if (!(FIELDS[i].kinds & bit))
            continue;
        if (str_eq(key, str_n(own, fold(str_of(FIELDS[i].name), own))))
            return i;
        str_t aliases = str_of(FIELDS[i].aliases), alias;
        while (str_split(&aliases, '|', &alias))
            if (str_eq(key, alias))
                return i;
    }
    return FIELD_NONE;
}

const char *field_name(int field)
{
    return FIELDS[field].name;
}

static bool is_digits(str_t text, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

/** Give the date as YYYY-MM-DD in out[11]. out: false when the text has none of the three forms. */
static bool date_of(str_t text, char *out)
{
    const char *t = text.ptr;
    if (text.len == 8 && is_digits(text, 0, 8))
        snprintf(out, 11, "%.4s-%.2s-%.2s", t, t + 4, t + 6);
    else if (text.len >= 10 && t[2] == '.' && t[5] == '.' && is_digits(text, 0, 2) &&
             is_digits(text, 3, 2) && is_digits(text, 6, 4))
        snprintf(out, 11, "%.4s-%.2s-%.2s", t + 6, t + 3, t);
    else if (text.len > 10 && t[4] == '-' && t[7] == '-' && (t[10] == 'T' || t[10] == ' '))
        snprintf(out, 11, "%.10s", t);
    else
        return false;
    return true;
}

/** Read "1 234,5" as 123450 kopecks; every digit is kept, no floating point.
 *  out: false when it is not an amount with at most two decimals */
static bool kopecks_of(str_t text, json_int_t *kopecks)
{
    text_t rest = text_of(text.ptr, text.len);
    uint32_t scalar;
    json_int_t value = 0;
    int decimals = -1, digits = 0;
    bool is_negative = false;
    while (text_next(&rest, &scalar)) {
        if (text_is_space(scalar))
            continue;
        if (scalar == '-' && digits == 0 && !is_negative)
            is_negative = true;
        else if ((scalar == ',' || scalar == '.') && decimals < 0 && digits > 0)
            decimals = 0;
        else if (scalar >= '0' && scalar <= '9' && decimals < 2 && value < 100000000000000) {
            value = value * 10 + (json_int_t)(scalar - '0');
            digits++;
            decimals += decimals >= 0;
        } else
            return false;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 2; i++)
        value *= 10;
    *kopecks = is_negative ? -value : value;
    return digits > 0;
}

static json_t *list_of(str_t cell)
{
    json_t *list = json_array();
    size_t from = 0;
    for (size_t i = 0; i <= cell.len; i++) {
        if (i < cell.len && !strchr(",; |", cell.ptr[i]))
            continue;
        if (i > from)
            json_array_append_new(list, json_stringn(cell.ptr + from, i - from));
        from = i + 1;
    }
    return list;
}

static json_t *value_of(shape_t shape, str_t cell)
{
    char date[11];
    json_int_t kopecks;
    uint64_t whole;
    switch (shape) {
    case AS_DATE:
        return date_of(cell, date) ? json_string(date) : json_stringn(cell.ptr, cell.len);
    case AS_WHOLE:
        return str_to_u64(cell, INT64_MAX, &whole) ? json_integer((json_int_t)whole)
                                                   : json_stringn(cell.ptr, cell.len);
    case AS_ROUBLES:
        return kopecks_of(cell, &kopecks) ? json_integer(kopecks)
                                          : json_stringn(cell.ptr, cell.len);
    case AS_LIST:
        return list_of(cell);
    case AS_TEXT:
        break;
    }
    return json_stringn(cell.ptr, cell.len);
}

void field_put(json_t *data, int field, str_t cell)
{
    cell = str_trim(cell);
    if (cell.len == 0)
        return;
    const char *member = FIELDS[field].member;
    json_t *value = value_of(FIELDS[field].shape, cell);
    if (strncmp(member, "document.", 9) != 0) {
        json_object_set_new(data, member, value);
        return;
    }
    json_t *document = json_object_get(data, "document");
    if (!document) {
        document = json_object();
        json_object_set_new(data, "document", document);
    }
    json_object_set_new(document, member + 9, value);
}
