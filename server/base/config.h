/* SPDX-License-Identifier: Apache-2.0
 * config.def as a struct: read from a file of "name = value" lines and from name=value arguments.
 *
 * An unknown name, a value out of bounds, a missing required file or a weak secret stops the start.
 * A config_t never changes once made; a reload makes another one, in which rows that are not
 * reloadable keep their old values. Threads hold it by reference count. */
#ifndef CLIENTELE_BASE_CONFIG_H
#define CLIENTELE_BASE_CONFIG_H

#include "base/str.h"

typedef int64_t conf_INT;
typedef bool conf_BOOL;
typedef const char *conf_STR;  /* NUL-terminated, never NULL */
typedef const char *conf_PATH; /* NUL-terminated, never NULL; "" when unset */
typedef str_t conf_SECRET;     /* contents of the file without trailing newline; len 0 when unset */

typedef struct config {
#define CONF(NAME, TYPE, DEFAULT, MIN, MAX, IS_RELOADABLE, SENTENCE) conf_##TYPE NAME;
#include "config.def"
#undef CONF
} config_t;

/** Read settings.
 *  in:  path  file of settings, NULL for none      arguments  count of "name=value" overriding the
 * file old   previous settings for a reload (rows not reloadable are taken from it), NULL at start
 *  out: the settings with one reference; NULL on failure, reason (>= 256 bytes) says why, without
 * values */
MUST_CHECK config_t *config_load(const char *path, char *const *arguments, size_t count,
                                 const config_t *old, char *reason, size_t reason_bytes);

/** Take and drop a reference (thread-safe); the last drop wipes the secrets and frees. */
config_t *config_hold(const config_t *config);
void config_drop(const config_t *config);

/** Tell whether a secret is fit for use.
 *  in:  secret   as read (text or raw)     weak_list  contents of the list of known secrets, may be
 * empty out: NULL when fit, else a static sentence: shorter than 32 bytes, too few different bytes,
 *       one of the known secrets */
const char *config_secret_flaw(str_t secret, str_t weak_list);

/** Write a commented sample file, or the list of settings for --help. */
void config_write_sample(buf_t *out);
void config_write_help(buf_t *out);

#endif
