/* SPDX-License-Identifier: Apache-2.0
 * A file of the test's own, for readers that want a path: made before a group of tests, gone after
 * it. */
#ifndef TESTS_INTAKE_SCRATCH_H
#define TESTS_INTAKE_SCRATCH_H

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/intake_test_XXXXXX";

static inline int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static inline int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

#endif
