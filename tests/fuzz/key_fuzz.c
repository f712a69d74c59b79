/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a phone number, address, VIN, plate, tax number or name: bounded, terminated, and
 * normal forms are their own normal form. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "match/alike.h"
#include "match/compare.h"
#include "match/email.h"
#include "match/name.h"
#include "match/phone.h"
#include "match/taxid.h"
#include "match/vehicle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int condition)
{
    if (!condition) {
        abort();
    }
}

static void phone(const char *raw, size_t bytes)
{
    char one[PHONE_E164_BYTES];
    char two[PHONE_E164_BYTES];
    char mask[PHONE_MASK_BYTES];
    size_t len = phone_norm(raw, bytes, "495", 3, one);
    need(strlen(one) == len && len < sizeof one);
    if (len > 0) {
        need(phone_norm(one, len, "812", 3, two) == len && strcmp(one, two) == 0);
        need(phone_mask(one, len, mask) == strlen(mask));
    }
    (void)phone_norm("1234567", 7, raw, bytes, one);
    (void)phone_mask(raw, bytes, mask);
}

static void email(const char *raw, size_t bytes)
{
    char one[EMAIL_BYTES];
    char two[EMAIL_BYTES];
    char mask[EMAIL_MASK_BYTES];
    size_t len = email_norm(raw, bytes, one);
    need(strlen(one) == len && len < sizeof one);
    if (len > 0) {
        need(email_norm(one, len, two) == len && strcmp(one, two) == 0);
        need(strpbrk(one, "\r\n <>\"(),:;") == NULL);
    }
    need(email_mask(raw, bytes, mask) < sizeof mask);
}

static void vehicle(const char *raw, size_t bytes)
{
    char vin[VEHICLE_VIN_BYTES];
    char plate[VEHICLE_PLATE_BYTES];
    char again[VEHICLE_PLATE_BYTES];
    if (vehicle_vin(raw, bytes, vin) > 0) {
        need(strlen(vin) == 17);
        (void)vehicle_vin_is_checked(vin);
    }
    size_t len = vehicle_plate(raw, bytes, plate);
    need(strlen(plate) == len);
    if (len > 0) {
        need(vehicle_plate(plate, len, again) <= len);
    }
}

static void name(const char *raw, size_t bytes)
{
    size_t cap = NAME_FOLD_BYTES(bytes);
    char *one = malloc(cap);
    need(one != NULL);
    need(name_fold(raw, bytes, one, cap) < cap);
    need(name_surname_key(raw, bytes, one, cap) < cap);
    char small[7];
    need(name_fold(raw, bytes, small, sizeof small) < sizeof small);
    need(name_surname_key(raw, bytes, small, sizeof small) < sizeof small);
    free(one);
}

/* Any two values of any kind, cut from one input: bounded, and in either order the same. */
static void compared(const char *raw, size_t bytes)
{
    char one[COMPARE_BYTES];
    char other[COMPARE_BYTES];
    size_t half = bytes / 2;
    for (int kind = 0; kind < COMPARE_KINDS; kind++) {
        size_t na = compare_norm((compare_kind_t)kind, raw, half, one);
        size_t nb = compare_norm((compare_kind_t)kind, raw + half, bytes - half, other);
        need(na < COMPARE_BYTES && nb < COMPARE_BYTES && one[na] == 0 && other[nb] == 0);
        need(compare_values((compare_kind_t)kind, one, na, other, nb) ==
             compare_values((compare_kind_t)kind, other, nb, one, na));
    }
    need(name_alike(raw, half, raw + half, bytes - half) ==
         name_alike(raw + half, bytes - half, raw, half));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *raw = (const char *)data;
    char inn[TAXID_INN_BYTES];
    char kpp[TAXID_KPP_BYTES];
    phone(raw, size);
    email(raw, size);
    vehicle(raw, size);
    name(raw, size);
    compared(raw, size);
    (void)taxid_inn(raw, size, inn);
    (void)taxid_kpp(raw, size, kpp);
    return 0;
}
