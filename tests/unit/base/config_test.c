/* SPDX-License-Identifier: Apache-2.0
 * Settings: what stops the start, what a reload may change, which secrets are refused. */
#include "base/config.h"

#include "base/file.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "data.h"

static char folder[] = "/tmp/clientele-config-XXXXXX";
static char reason[512];

static const char *write_file(const char *name, const char *text, mode_t mode)
{
    static char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)unlink(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    (void)chmod(path, mode);
    return path;
}

#define NEEDED                                                                                     \
    "tls_certificate = /a\n tls_key=/b\ndealer_ca = \"/c d\"\n\n# comment\ndatabase = host=/s "    \
    "dbname=x\nfiles_dir=/f\nassets_dir=/g\njournal_dir=/h\r\n"

static config_t *load(const char *text, char **pairs, size_t count, const config_t *old)
{
    reason[0] = '\0';
    return config_load(write_file("server.conf", text, 0644), pairs, count, old, reason,
                       sizeof reason);
}

static void a_file_and_arguments_make_settings(void **state)
{
    (void)state;
    char *pairs[] = {(char[]){"workers=3"}};
    config_t *config = load(NEEDED "listen_port = 9000\n", pairs, 1, NULL);
    assert_non_null(config);
    assert_int_equal(config->listen_port, 9000);
    assert_int_equal(config->dealer_port, 8444);
    assert_int_equal(config->workers, 3);
    assert_string_equal(config->dealer_ca, "/c d");
    assert_string_equal(config->database, "host=/s dbname=x");
    assert_string_equal(config->journal_dir, "/h");
    config_drop(config_hold(config));
    config_drop(config);
}

static void what_is_not_as_it_must_be_stops_the_start(void **state)
{
    (void)state;
    assert_null(load("", NULL, 0, NULL));
    assert_non_null(strstr(reason, "tls_certificate is required"));
    assert_null(load(NEEDED "colour = red\n", NULL, 0, NULL));
    assert_non_null(strstr(reason, "unknown setting: colour"));
    assert_null(load(NEEDED "listen_port = 70000\n", NULL, 0, NULL));
    assert_null(load(NEEDED "listen_port = 80x\n", NULL, 0, NULL));
    assert_null(load(NEEDED "nonsense\n", NULL, 0, NULL));
    assert_null(config_load("/nowhere", NULL, 0, NULL, reason, sizeof reason));
}

static void a_reload_changes_only_what_may_change(void **state)
{
    (void)state;
    config_t *old = load(NEEDED "listen_port = 9000\ndrain_s = 5\n", NULL, 0, NULL);
    config_t *config = load(NEEDED "listen_port = 9001\ndrain_s = 6\n", NULL, 0, old);
    assert_non_null(config);
    assert_int_equal(config->listen_port, 9000);
    assert_int_equal(config->drain_s, 6);
    config_drop(old);
    config_drop(config);
}

static void weak_secrets_are_refused(void **state)
{
    (void)state;
    static const char good[] = "9f2c1be7a04d5386e1f07b6c4d2a98350bd1e4f7";
    str_t list = STR("secret\nyour-256-bit-secret-that-is-long-enough\r\nlast-one-which-is-also-a-"
                     "long-text-000");
    assert_null(config_secret_flaw(str_of(good), list));
    assert_non_null(config_secret_flaw(STR("short"), list));
    assert_non_null(config_secret_flaw(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), list));
    assert_non_null(config_secret_flaw(STR("0123456789abcdef0123456789abcdef01234567"), list));
    assert_non_null(config_secret_flaw(STR("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"), list));
    assert_non_null(config_secret_flaw(STR("Your-256-bit-secret-that-is-long-enough"), list));
    assert_non_null(config_secret_flaw(STR("last-one-which-is-also-a-long-text-000"), list));
    char pair[300];
    char *pairs[] = {pair};
    (void)snprintf(pair, sizeof pair, "csrf_key=%s", write_file("csrf", good, 0600));
    config_t *config = load(NEEDED, pairs, 1, NULL);
    assert_non_null(config);
    assert_true(str_eq(config->csrf_key, str_of(good)));
    config_drop(config);
    (void)write_file("csrf", good, 0640); /* others may read it */
    assert_null(load(NEEDED, pairs, 1, NULL));
    (void)write_file("csrf", "changeme", 0600);
    assert_null(load(NEEDED, pairs, 1, NULL));
    assert_null(strstr(reason, "changeme")); /* values are never said */
}

static void every_known_secret_is_weak(void **state)
{
    (void)state;
    FILE *file = data_open("jwt/weak_secrets.txt");
    if (!file) {
        skip();
    }
    buf_t all = buf_make((size_t)8 << 20);
    for (char *to; (to = buf_reserve(&all, 65536)) != NULL;) {
        size_t got = fread(to, 1, 65536, file);
        all.len += got;
        if (got == 0) {
            break;
        }
    }
    (void)fclose(file);
    str_t rest = buf_str(&all);
    str_t secret;
    size_t count = 0;
    while (rest.len > 0 && str_split(&rest, '\n', &secret)) {
        count++;
        secret.len = str_find(secret, '\r');
        if (!config_secret_flaw(secret, buf_str(&all))) {
            fail_msg("line %zu is taken for a secret", count);
        }
    }
    assert_true(count > 1000);
    buf_free(&all);
}

static void the_sample_can_be_read_back(void **state)
{
    (void)state;
    buf_t sample = buf_make(100000);
    config_write_sample(&sample);
    (void)buf_add_c(&sample, '\0');
    assert_null(load(sample.ptr, NULL, 0, NULL));
    assert_non_null(strstr(reason, "is required"));
    buf_free(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_and_arguments_make_settings),
        cmocka_unit_test(what_is_not_as_it_must_be_stops_the_start),
        cmocka_unit_test(a_reload_changes_only_what_may_change),
        cmocka_unit_test(weak_secrets_are_refused),
        cmocka_unit_test(every_known_secret_is_weak),
        cmocka_unit_test(the_sample_can_be_read_back),
    };
    if (!mkdtemp(folder)) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
