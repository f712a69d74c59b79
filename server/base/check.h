/* SPDX-License-Identifier: Apache-2.0
 * Assertions against our own bugs; they stay on in production and never test input. */
#ifndef CLIENTELE_BASE_CHECK_H
#define CLIENTELE_BASE_CHECK_H

#include <stdio.h>
#include <stdlib.h>

/** End the process when a condition that our own code guarantees does not hold. */
#define CHECK(condition)                                                                           \
    ((condition) ? (void)0                                                                         \
                 : (fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition),  \
                    abort()))

#endif
