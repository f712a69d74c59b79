/* SPDX-License-Identifier: Apache-2.0
 * Leads in the Auto-lead Data Format 1.0, as portals and makers send them. See records.h.
 *
 * The person has asked by himself: the request, with its number, source and date, is the evidence
 * of the registration; a request without them is a row without evidence. */
#include "intake/markup.h"
#include "intake/records.h"

enum { SLOT_SOURCE, SLOT_INTEREST, SLOT_PART };

static const record_place_t places[] = {{"adf/prospect", "lead"}, {NULL, NULL}};

static const char *const items[] = {NULL};

static const record_rule_t rules[] = {{"/requestdate", INTO_MAIN, FIELD_ON},
                                      {"/customer/contact/phone", INTO_MAIN, FIELD_PHONE},
                                      {"/customer/contact/email", INTO_MAIN, FIELD_EMAIL},
                                      {"contact/address/city", INTO_MAIN, FIELD_CITY},
                                      {"/customer/comments", INTO_MAIN, FIELD_WHAT},
                                      {"/provider/name", INTO_MAIN, FIELD_SOURCE},
                                      {NULL, INTO_MAIN, FIELD_RECORD}};

static void attribute(records_t *records, str_t path, const char **attributes)
{
    if (record_path_is(path, "/id")) {
        records_slot_set(records, SLOT_SOURCE, str_of(markup_attribute(attributes, "source")));
    } else if (record_path_is(path, "/vehicle")) {
        records_slot_set(records, SLOT_INTEREST, str_of(markup_attribute(attributes, "interest")));
    } else if (record_path_is(path, "contact/name")) {
        records_slot_set(records, SLOT_PART, str_of(markup_attribute(attributes, "part")));
    }
}

static void name(records_t *records, str_t text)
{
    str_t part = records_slot(records, SLOT_PART);
    table_field_t field = FIELD_NAME;
    if (str_eq_nocase(part, STR("first"))) {
        field = FIELD_GIVEN_NAME;
    } else if (str_eq_nocase(part, STR("last"))) {
        field = FIELD_SURNAME;
    } else if (str_eq_nocase(part, STR("middle"))) {
        field = FIELD_PATRONYMIC;
    }
    records_set(records, records_main(records), field, text);
}

static void text(records_t *records, str_t path, str_t value)
{
    record_t *main = records_main(records);
    /* the car that the person gives in exchange is not the one he asks for */
    bool is_wanted = !str_eq_nocase(records_slot(records, SLOT_INTEREST), STR("trade-in"));
    if (record_path_is(path, "/id")) {
        records_set(records, main, FIELD_CODE, value);
        if (records_slot(records, SLOT_SOURCE).len > 0) {
            records_set(records, main, FIELD_EXTERNAL_ID, records_slot(records, SLOT_SOURCE));
            records_add(records, main, FIELD_EXTERNAL_ID, value);
        }
    } else if (record_path_is(path, "/customer/contact/name")) {
        name(records, value);
    } else if (is_wanted && record_path_is(path, "/vehicle/make")) {
        records_set(records, main, FIELD_BRAND, value);
    } else if (is_wanted && record_path_is(path, "/vehicle/model")) {
        records_set(records, main, FIELD_MODEL, value);
    } else if (is_wanted && record_path_is(path, "/vehicle/year")) {
        records_set(records, main, FIELD_MODEL_YEAR, value);
    }
}

static void end(records_t *records)
{
    record_t *main = records_main(records);
    static const table_field_t wanted[] = {FIELD_BRAND, FIELD_MODEL, FIELD_MODEL_YEAR, FIELD_WHAT};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        records_add(records, main, FIELD_INTEREST, main->values[wanted[i]]);
    }
    records_set(records, main, FIELD_OCCASION, STR("web_request"));
    if (main->values[FIELD_EXTERNAL_ID].len == 0 || main->values[FIELD_ON].len == 0) {
        return;
    }
    records_set(records, main, FIELD_CONSENT_EVIDENCE, STR("ADF"));
    records_add(records, main, FIELD_CONSENT_EVIDENCE, main->values[FIELD_EXTERNAL_ID]);
    records_add(records, main, FIELD_CONSENT_EVIDENCE, main->values[FIELD_ON]);
}

const record_format_t record_adf = {"adf",     "<adf|<ADF", places, rules, items,
                                    attribute, text,        NULL,   end};
