/* SPDX-License-Identifier: Apache-2.0
 * What every test of this folder begins with. */
#ifndef CLIENTELE_TEST_API_TEST_H
#define CLIENTELE_TEST_API_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/arena.h"

#define assert_text(TEXT, LITERAL)                                                                 \
    do {                                                                                           \
        str_t assert_text_ = (TEXT);                                                               \
        assert_non_null(assert_text_.ptr);                                                         \
        assert_int_equal(assert_text_.len, strlen(LITERAL));                                       \
        assert_memory_equal(assert_text_.ptr, LITERAL, strlen(LITERAL));                           \
    } while (0)

#endif
