/* SPDX-License-Identifier: Apache-2.0
 * VIN and plate: server/match/vehicle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data.h"
#include "match/vehicle.h"

static void vin_is(const char *raw, const char *expected)
{
    char out[VEHICLE_VIN_BYTES];
    size_t bytes = vehicle_vin(raw, strlen(raw), out);
    assert_string_equal(out, expected);
    assert_int_equal(bytes, strlen(expected));
}

static void plate_is(const char *raw, const char *expected)
{
    char out[VEHICLE_PLATE_BYTES];
    size_t bytes = vehicle_plate(raw, strlen(raw), out);
    if (strcmp(out, expected) != 0) {
        print_error("%s -> %s, expected %s\n", raw, out, expected);
    }
    assert_string_equal(out, expected);
    assert_int_equal(bytes, strlen(expected));
}

static void vins_fold_case_alphabet_and_spacing(void **state)
{
    (void)state;
    vin_is("XTA210990Y2765123", "XTA210990Y2765123");
    vin_is("xta 210990-y2765123", "XTA210990Y2765123");
    vin_is("ХТА210990У2765123", "XTA210990Y2765123");
    vin_is("\xEF\xBB\xBFXTA210990Y2765123 ", "XTA210990Y2765123");
}

static void what_is_no_vin_is_refused(void **state)
{
    (void)state;
    vin_is("", "");
    vin_is("XTA210990Y276512", "");
    vin_is("XTA210990Y27651234", "");
    vin_is("XTA21O990Y2765123", "");
    vin_is("XTAI10990Y2765123", "");
    vin_is("XTAQ10990Y2765123", "");
    vin_is("ХТА21О990У2765123", "");
    vin_is("XTAЖ10990Y2765123", "");
    vin_is("XTA210990Y27651\xFF"
           "3",
           "");
}

static void north_american_check_digits_are_verified(void **state)
{
    char vin[VEHICLE_VIN_BYTES];
    (void)state;
    vin_is("1M8GDM9AXKP042788", "1M8GDM9AXKP042788");
    assert_true(vehicle_vin_is_checked("1M8GDM9AXKP042788"));
    assert_false(vehicle_vin_is_checked("1M8GDM9A1KP042788"));
    assert_true(vehicle_vin("1m8gdm9a1kp042788", 17, vin) == 17);
    assert_true(vehicle_vin_is_checked("XTA210990Y2765123"));
}

static void chinese_check_digits_are_verified(void **state)
{
    (void)state;
    assert_true(vehicle_vin_is_checked("LGWEF6A56MH000018"));
    assert_false(vehicle_vin_is_checked("LGWEF6A51MH000018"));
}

static void plates_of_every_form_settle_zeros(void **state)
{
    (void)state;
    plate_is("1001АО77", "1001AO77"); /* motorcycle */
    plate_is("1ОО1А077", "1001AO77");
    plate_is("10О1АО 77", "1001AO77");
    plate_is("АВ0О1277", "AB001277"); /* trailer */
    plate_is("АВОО1277", "AB001277");
    plate_is("АВ О12 77", "AB01277"); /* bus */
    plate_is("АВ012077", "AB012077");
    plate_is("АВ0О1А77", "AB001A77"); /* transit */
}

static void published_vins_are_accepted(void **state)
{
    FILE *file = data_open("vin/decode.csv");
    char line[512];
    int rows = 0;
    int checked = 0;
    (void)state;
    if (file == NULL) {
        skip();
    }
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char vin[VEHICLE_VIN_BYTES];
        char *f[2];
        data_fields(line, ',', f, 2);
        if (vehicle_vin(f[0], strlen(f[0]), vin) != 17) {
            print_error("refused %s\n", f[0]);
        }
        assert_string_equal(vin, f[0]);
        checked += vehicle_vin_is_checked(vin);
        rows++;
    }
    (void)fclose(file);
    print_message("%d of %d VINs carry the right check digit\n", checked, rows);
    assert_true(checked * 100 >= rows * 99);
}

static void plates_fold_case_alphabet_and_country(void **state)
{
    (void)state;
    plate_is("А123ВС77", "A123BC77");
    plate_is("a123bc77", "A123BC77");
    plate_is("а 123 вс 777 RUS", "A123BC777");
    plate_is("А123ВС|777 рус", "A123BC777");
    plate_is("A 123 BC/77", "A123BC77");
    plate_is("О001ОО77", "O001OO77");
    plate_is("ООО1ОО77", "O001OO77");
    plate_is("O00100 77", "O0010077"); /* no letter says where the series stands */
    plate_is("О0010О77", "O001OO77");
    plate_is("АО010077", "AO010077");
    plate_is("АЕ1234 77", "AE123477");
    plate_is("1234АВ77", "1234AB77");
    plate_is("004D018 77", "004D01877");
    plate_is("004 Д 018 77", "004D01877");
    plate_is("B-MW 1234", "BMW1234");
    plate_is("Л1234ЖЖ", "Л1234ЖЖ");
    plate_is("777AAA02", "777AAA02");
}

static void what_is_no_plate_is_refused(void **state)
{
    (void)state;
    plate_is("", "");
    plate_is("АВС", "");
    plate_is("нет номера", "");
    plate_is("12", "");
    plate_is("A123BC77;DROP", "");
    plate_is("12345678901234567890", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vins_fold_case_alphabet_and_spacing),
        cmocka_unit_test(what_is_no_vin_is_refused),
        cmocka_unit_test(north_american_check_digits_are_verified),
        cmocka_unit_test(chinese_check_digits_are_verified),
        cmocka_unit_test(plates_of_every_form_settle_zeros),
        cmocka_unit_test(published_vins_are_accepted),
        cmocka_unit_test(plates_fold_case_alphabet_and_country),
        cmocka_unit_test(what_is_no_plate_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
