/* SPDX-License-Identifier: Apache-2.0
 * Texts with variables: server/deliver/template. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "deliver/template.h"

static bool value_of(void *ctx, str_t name, str_t *value)
{
    (void)ctx;
    if (str_eq(name, STR("name"))) {
        *value = STR("Пётр <b>&\"'</b>");
        return true;
    }
    if (str_eq(name, STR("city"))) {
        *value = STR("Омск");
        return true;
    }
    if (str_eq(name, STR("empty"))) {
        *value = STR("");
        return true;
    }
    if (str_eq(name, STR("no"))) {
        *value = STR("false");
        return true;
    }
    return false;
}

static void gives(const char *source, bool is_html, const char *expected, unsigned missing_expected)
{
    template_t *t = template_new(str_of(source));
    buf_t out = buf_make(10000);
    unsigned missing = 0;
    assert_non_null(t);
    assert_true(template_render(t, value_of, NULL, is_html, &out, &missing));
    buf_add_c(&out, '\0');
    assert_string_equal(out.ptr, expected);
    assert_int_equal(missing, missing_expected);
    buf_free(&out);
    template_free(t);
}

static void values_stand_in_their_places(void **state)
{
    (void)state;
    gives("Из {{city}}!", false, "Из Омск!", 0);
    gives("{{ city }}{{city}}", false, "ОмскОмск", 0);
    gives("{{name}}", false, "Пётр <b>&\"'</b>", 0);
    gives("", false, "", 0);
    gives("{{! remark }}x", false, "x", 0);
}

static void html_values_are_escaped_always(void **state)
{
    (void)state;
    gives("<i>{{name}}</i>", true, "<i>Пётр &lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;</i>", 0);
    gives("{{{name}}}", true, "Пётр &lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;", 0);
    gives("{{&name}}", true, "Пётр &lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;", 0);
}

static void unknown_values_are_empty_and_counted(void **state)
{
    (void)state;
    gives("[{{nobody}}][{{nobody}}]", false, "[][]", 2);
}

static void sections_follow_their_value(void **state)
{
    (void)state;
    gives("{{#city}}a{{city}}{{/city}}{{^city}}b{{/city}}", false, "aОмск", 0);
    gives("{{#empty}}a{{/empty}}{{^empty}}b{{/empty}}", false, "b", 0);
    gives("{{#no}}a{{/no}}{{^no}}b{{/no}}", false, "b", 0);
    gives("{{#nobody}}{{#city}}a{{/city}}{{nobody}}{{/nobody}}c", false, "c", 0);
}

static void broken_templates_are_refused_and_stray_braces_kept(void **state)
{
    (void)state;
    assert_null(template_new(STR("{{#a}}x")));
    assert_null(template_new(STR("{{/a}}")));
    assert_null(template_new(STR("{{#a}}{{#b}}{{/a}}{{/b}}")));
    assert_null(template_new(STR("{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}")));
    gives("a {{ b", false, "a {{ b", 0);
    gives("a }} b", false, "a }} b", 0);
    gives("{{two words}} {{city}}", false, "{{two words}} Омск", 0);
    gives("{{}}{{city}}", false, "{{}}Омск", 0);
    gives("{ {city} }", false, "{ {city} }", 0);
}

static void a_full_buffer_is_told(void **state)
{
    template_t *t = template_new(STR("{{name}}{{name}}{{name}}"));
    buf_t out = buf_make(20);
    unsigned missing = 0;
    (void)state;
    assert_false(template_render(t, value_of, NULL, true, &out, &missing));
    buf_free(&out);
    template_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_in_their_places),
        cmocka_unit_test(html_values_are_escaped_always),
        cmocka_unit_test(unknown_values_are_empty_and_counted),
        cmocka_unit_test(sections_follow_their_value),
        cmocka_unit_test(broken_templates_are_refused_and_stray_braces_kept),
        cmocka_unit_test(a_full_buffer_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
