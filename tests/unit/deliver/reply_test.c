/* SPDX-License-Identifier: Apache-2.0
 * SMTP replies, signed links and the wire journal: server/deliver/{reply,link,journal}. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "deliver/journal.h"
#include "deliver/link.h"
#include "deliver/reply.h"

static void replies_are_whole_or_wait(void **state)
{
    reply_t reply;
    str_t text = STR("250-first\r\n250-PIPELINING\r\n250 OK\r\n354 go");
    str_t line;
    (void)state;
    for (size_t len = 0; len < 35; len++) {
        assert_int_equal(reply_parse(str_n(text.ptr, len), &reply), 0);
    }
    assert_int_equal(reply_parse(text, &reply), 1);
    assert_int_equal(reply.code, 250);
    assert_int_equal(reply.used, 35);
    assert_true(reply_line(&reply.text, &line) && str_eq(line, STR("first")));
    assert_true(reply_line(&reply.text, &line) && str_eq(line, STR("PIPELINING")));
    assert_true(reply_line(&reply.text, &line) && str_eq(line, STR("OK")));
    assert_false(reply_line(&reply.text, &line));
    assert_int_equal(reply_parse(STR("250\r\n"), &reply), 1);
    assert_int_equal(reply.text.len, 0);
    assert_int_equal(reply_parse(STR("450 4.2.1 busy\n"), &reply), 1);
    assert_true(str_eq(reply_status(reply.text), STR("4.2.1")));
    assert_int_equal(reply_status(STR("250 ok")).len, 0);
}

static void what_is_no_reply_is_refused(void **state)
{
    static const char *const bad[] = {"HTTP/1.1 200 OK\r\n", "25x ok\r\n", "250_ok\r\n",
                                      "250-a\r\n251 b\r\n",  "\r\n",       "150 early\r\n",
                                      "650 late\r\n"};
    reply_t reply;
    static char room[3000];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(reply_parse(str_of(bad[i]), &reply), -1);
    }
    memset(room, 'a', sizeof room);
    assert_int_equal(reply_parse(str_n(room, sizeof room), &reply), -1);
    static char many[8000];
    for (int i = 0; i < 800; i++) {
        memcpy(many + i * 7, "250-a\r\n", 7);
    }
    assert_int_equal(reply_parse(str_n(many, 5600), &reply), -1);
}

static void links_are_signed_and_uuids_read(void **state)
{
    unsigned char uuid[16];
    char token[LINK_TOKEN_BYTES + 1];
    (void)state;
    assert_true(link_uuid(STR("00112233-4455-6677-8899-AABBCCDDEEFF"), uuid));
    assert_int_equal(uuid[15], 0xFF);
    assert_false(link_uuid(STR("00112233-4455-6677-8899-AABBCCDDEEF"), uuid));
    assert_false(link_uuid(STR("00112233x4455-6677-8899-AABBCCDDEEFF"), uuid));
    link_token(STR("0123456789abcdef0123456789abcdef"), 'u', uuid, token);
    /* computed by Python's hmac and base64 */
    assert_string_equal(token, "ABEiM0RVZneImaq7zN3u_4GWXeOffsumz3s03g");
    char other[LINK_TOKEN_BYTES + 1];
    link_token(STR("0123456789abcdef0123456789abcdef"), 'p', uuid, other);
    assert_string_not_equal(token, other);
}

static void the_journal_outlives_its_process(void **state)
{
    char folder[] = "/tmp/journal_test_XXXXXX";
    char path[200];
    bool is_whole = true;
    const char *flaw = NULL;
    (void)state;
    assert_non_null(mkdtemp(folder));
    journal_t *journal = journal_open(folder, &is_whole, &flaw);
    assert_non_null(journal);
    assert_false(is_whole); /* a new one proves nothing about rows leased before */
    char name[17];
    memcpy(name, journal_name(journal), sizeof name);
    assert_null(journal_open(folder, &is_whole, &flaw));
    assert_string_equal(flaw, "journal_dir: another process holds wire.journal");
    int first = journal_take(journal, 11, 3);
    int second = journal_take(journal, 12, 3);
    int third = journal_take(journal, 13, 3);
    journal_set(journal, second, JOURNAL_DOTTED, 0);
    journal_set(journal, third, JOURNAL_ACCEPTED, 250);
    assert_int_equal(journal_used(journal), 3);
    journal_close(journal);
    journal = journal_open(folder, &is_whole, &flaw);
    assert_non_null(journal);
    assert_true(is_whole);
    assert_string_equal(journal_name(journal), name);
    assert_int_equal(journal_used(journal), 3);
    assert_int_equal(journal_at(journal, (unsigned)first)->phase, JOURNAL_LEASED);
    assert_int_equal(journal_at(journal, (unsigned)second)->phase, JOURNAL_DOTTED);
    assert_int_equal(journal_at(journal, (unsigned)third)->code, 250);
    assert_int_equal(journal_at(journal, (unsigned)third)->outbox_id, 13);
    journal_free_slot(journal, second);
    for (int i = 0; i < JOURNAL_SLOTS - 2; i++) {
        assert_true(journal_take(journal, 100 + i, 4) >= 0);
    }
    assert_int_equal(journal_take(journal, 1, 4), -1);
    journal_close(journal);
    (void)snprintf(path, sizeof path, "%s/wire.journal", folder);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    (void)fseek(file, 20, SEEK_SET);
    (void)fputs("another boot", file);
    (void)fclose(file);
    journal = journal_open(folder, &is_whole, &flaw);
    assert_non_null(journal);
    assert_false(is_whole);
    assert_int_equal(journal_used(journal), 0);
    assert_string_equal(journal_name(journal), name);
    journal_close(journal);
    (void)unlink(path);
    (void)rmdir(folder);
    assert_null(journal_open("/nonexistent", &is_whole, &flaw));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_are_whole_or_wait),
        cmocka_unit_test(what_is_no_reply_is_refused),
        cmocka_unit_test(links_are_signed_and_uuids_read),
        cmocka_unit_test(the_journal_outlives_its_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
