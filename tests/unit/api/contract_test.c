/* SPDX-License-Identifier: Apache-2.0
 * The start-up proof on the real schema: it passes as released, and each fence, taken away, is
 * named. */
#include "test.h"

#include <stdio.h>

#include "../db/cluster.h"
#include "api/app.h"

static config_t *config;
static bool is_ready;

/* out: NULL when the server may start, else the differences */
static const char *start(void)
{
    static char reason[16384];
    buf_t out = buf_make((size_t)4 << 20);
    reason[0] = 0;
    bool is_good = app_openapi(config, &out, reason, sizeof reason);
    if (is_good)
        assert_true(out.len > 10000);
    buf_free(&out);
    return is_good ? NULL : reason;
}

static void the_released_schema_passes(void **state)
{
    (void)state;
    if (!is_ready)
        skip();
    const char *differences = start();
    if (differences)
        fail_msg("%s", differences);
}

static const struct {
    const char *remove, *restore, *difference;
} fences[] = {
    {"alter table core.party no force row level security",
     "alter table core.party force row level security",
     "table core.party: row security is not enabled and forced"},
    {"alter table session.session disable row level security",
     "alter table session.session enable row level security",
     "table session.session: row security"},
    {"grant execute on function api.person_get to public",
     "revoke execute on function api.person_get from public", "PUBLIC"},
    {"grant execute on function api.person_get to auditor",
     "revoke execute on function api.person_get from auditor",
     "api.person_get: EXECUTE is held by [auditor,dealer,head_office]"},
    {"revoke execute on function api.ledger_list from auditor",
     "grant execute on function api.ledger_list to auditor",
     "api.ledger_list: EXECUTE is held by []"},
    {"alter function api.people_list volatile", "alter function api.people_list stable",
     "a read must be STABLE"},
    {"alter function api.view_save stable", "alter function api.view_save volatile",
     "a POST must be VOLATILE"},
    {"create function api.backdoor() returns int language sql as $$ select 1 $$",
     "drop function api.backdoor()", "api.backdoor: no route leads to it"},
    {"create function api.person_get(p_x int) returns int language sql stable as $$ select 1 $$",
     "drop function api.person_get(int)", "api.person_get: overloaded"},
    {"create view core.leak as select 1 as n", "drop view core.leak",
     "view core.leak: not security_invoker"},
    {"create function core.leak() returns int language sql security definer as $$ select 1 $$",
     "drop function core.leak()", "SECURITY DEFINER without search_path"},
    {"grant set on parameter clientele.identity to dealer",
     "revoke set on parameter clientele.identity from dealer",
     "role dealer may set clientele.identity"},
    {"alter role dealer bypassrls", "alter role dealer nobypassrls",
     "role dealer: bypasses row security"},
    {"alter database clientele set session_preload_libraries = plpgsql; alter role login set "
     "session_preload_libraries = plpgsql",
     "alter database clientele reset session_preload_libraries; alter role login reset "
     "session_preload_libraries",
     "not preloaded"},
    {"comment on function api.views_list is null",
     "comment on function api.views_list is $$ Saved views. $$", "api.views_list: has no comment"},
    {"create table core.extra (n int)", "drop table core.extra", "table core.extra"},
};

static void each_fence_taken_away_is_named(void **state)
{
    (void)state;
    if (!is_ready)
        skip();
    for (size_t i = 0; i < sizeof fences / sizeof fences[0]; i++) {
        assert_true(cluster_sql(fences[i].remove));
        const char *differences = start();
        if (!differences || !strstr(differences, fences[i].difference))
            fail_msg("%s: %s", fences[i].remove, differences ? differences : "was accepted");
        assert_true(cluster_sql(fences[i].restore));
    }
    const char *differences = start();
    if (differences)
        fail_msg("%s", differences);
}

static void an_absent_database_is_told(void **state)
{
    (void)state;
    if (!is_ready)
        skip();
    assert_true(cluster_halt());
    const char *differences = start();
    assert_non_null(differences);
    assert_non_null(strstr(differences, "database: away"));
}

int main(void)
{
    const char *settings = cluster_start();
    char database[600], reason[300] = "";
    char *arguments[] = {database,
                         (char *)(uintptr_t) "tls_certificate=/dev/null",
                         (char *)(uintptr_t) "tls_key=/dev/null",
                         (char *)(uintptr_t) "dealer_ca=/dev/null",
                         (char *)(uintptr_t) "files_dir=/tmp",
                         (char *)(uintptr_t) "assets_dir=/tmp",
                         (char *)(uintptr_t) "journal_dir=/tmp"};
    if (settings && cluster_migrate()) {
        snprintf(database, sizeof database, "database=%s dbname=clientele", settings);
        config = config_load(NULL, arguments, sizeof arguments / sizeof arguments[0], NULL, reason,
                             sizeof reason);
        is_ready = config != NULL;
        if (!config)
            printf("%s\n", reason);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_released_schema_passes),
        cmocka_unit_test(each_fence_taken_away_is_named),
        cmocka_unit_test(an_absent_database_is_told),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    config_drop(config);
    cluster_remove();
    return failed;
}
