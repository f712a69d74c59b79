/* SPDX-License-Identifier: Apache-2.0
 * Names that rows of the exchange formats carry: the fields of an intake row, as the server knows
 * them. A file of 1C or ADF holds records of several kinds; `record` says which one a row is, and
 * `record_id` by which name the file calls the record that the row is of. */
#ifndef CLIENTELE_INTAKE_TABLE_FIELDS_H
#define CLIENTELE_INTAKE_TABLE_FIELDS_H

/* clang-format off */
#define TABLE_FIELDS(X) \
    X(RECORD, "record") X(EXTERNAL_ID, "external_id") X(KIND, "kind") X(NAME, "name") \
    X(SURNAME, "surname") X(GIVEN_NAME, "given_name") X(PATRONYMIC, "patronymic") \
    X(BORN_ON, "born_on") X(INN, "inn") X(KPP, "kpp") X(PHONE, "phone") X(EMAIL, "email") \
    X(CITY, "city") X(ADDRESS, "address") X(VIN, "vin") X(PLATE, "plate") X(BRAND, "brand") \
    X(LINE, "line") X(MODEL, "model") X(MODEL_YEAR, "model_year") X(NUMBER, "number") X(ON, "on") \
    X(AMOUNT, "amount") X(MILEAGE_KM, "mileage_km") X(WHAT, "what") X(POSITION, "position") \
    X(CODE, "code") X(QUANTITY, "quantity") X(PRICE, "price") X(IS_WORK, "is_work") \
    X(SOURCE, "source") X(OCCASION, "occasion") X(INTEREST, "interest") \
    X(CONSENT_EVIDENCE, "consent_evidence") X(IS_CANCELLED, "is_cancelled") \
    X(CURRENCY, "currency") X(RECORD_ID, "record_id")
/* clang-format on */

typedef enum {
#define TABLE_FIELD(id, name) FIELD_##id,
    TABLE_FIELDS(TABLE_FIELD)
#undef TABLE_FIELD
        FIELD_COUNT
} table_field_t;

#endif
