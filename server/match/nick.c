/* SPDX-License-Identifier: Apache-2.0
 * Pet and short forms of given names. See nick.h. */
#include "nick.h"

#include <string.h>

typedef struct {
    const char *form;
    const char *full;
} nick_t;

static const nick_t nicks[] = {
#define NICK(form, full) {form, full},
#include "nick.def"
#undef NICK
};

#define NICKS (sizeof nicks / sizeof nicks[0])

/* Order of a key against a form of the table. */
static int order(const char *key, size_t bytes, const char *form)
{
    int difference = strncmp(key, form, bytes);
    return difference != 0 ? difference : -(int)(form[bytes] != '\0');
}

/* The first row whose form is not before the key. */
static size_t first_of(const char *key, size_t bytes)
{
    size_t low = 0;
    size_t high = NICKS;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (order(key, bytes, nicks[middle].form) > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_key(const char *key, size_t bytes, const char *word)
{
    return strncmp(key, word, bytes) == 0 && word[bytes] == '\0';
}

bool nick_is_same(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    size_t of_b = first_of(b, b_bytes);
    for (size_t i = first_of(a, a_bytes); i < NICKS && is_key(a, a_bytes, nicks[i].form); i++) {
        if (is_key(b, b_bytes, nicks[i].full)) {
            return true;
        }
        for (size_t j = of_b; j < NICKS && is_key(b, b_bytes, nicks[j].form); j++) {
            if (strcmp(nicks[i].full, nicks[j].full) == 0) {
                return true;
            }
        }
    }
    for (size_t j = of_b; j < NICKS && is_key(b, b_bytes, nicks[j].form); j++) {
        if (is_key(a, a_bytes, nicks[j].full)) {
            return true;
        }
    }
    return false;
}
