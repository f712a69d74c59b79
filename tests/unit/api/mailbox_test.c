/* SPDX-License-Identifier: Apache-2.0
 * Messages as the demo gateway keeps them. */
#include "test.h"

#include "api/mailbox.h"

static arena_t *arena;

static void a_simple_message_is_read(void **state)
{
    (void)state;
    mail_t mail =
        mailbox_parse(arena, STR("X-Client-Addr: 127.0.0.1\nFrom: A <a@x.example>\r\n"
                                 "To: b@y.example\r\nSubject: =?UTF-8?B?0J/RgNC40LLQtdGC?=\r\n"
                                 " =?utf-8?Q?,_=D0=BC=D0=B8=D1=80?=\r\n"
                                 "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                 "=D0=9F=D1=80=D0=B8=\r\n=D0=B2\xD0\xB5\xD1\x82=3D\r\n"));
    assert_text(mail.from, "A <a@x.example>");
    assert_text(mail.to, "b@y.example");
    assert_text(mail.subject,
                "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82, \xD0\xBC\xD0\xB8\xD1\x80");
    assert_text(mail.text, "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82=\r\n");
}

static void the_plain_part_of_many_is_shown(void **state)
{
    (void)state;
    mail_t mail =
        mailbox_parse(arena, STR("Subject: x\r\nContent-Type: multipart/alternative; "
                                 "boundary=\"b-1\"\r\n\r\npreamble\r\n"
                                 "--b-1\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n"
                                 "--b-1\r\nContent-Type: text/plain; "
                                 "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                                 "eWVz\r\n--b-1--\r\n"));
    assert_text(mail.text, "yes");
}

static void torn_messages_do_no_harm(void **state)
{
    (void)state;
    static const char *const torn[] = {"",
                                       "\n",
                                       "no colon",
                                       "Subject: =?UTF-8?B?",
                                       "Subject: =?UTF-8?Q?=D0=9",
                                       "Content-Type: multipart/mixed; boundary=\"\n\n--",
                                       ":",
                                       " folded\n first"};
    for (size_t i = 0; i < sizeof torn / sizeof torn[0]; i++)
        mailbox_parse(arena, str_of(torn[i]));
}

int main(void)
{
    arena = arena_new((size_t)1 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_simple_message_is_read),
        cmocka_unit_test(the_plain_part_of_many_is_shown),
        cmocka_unit_test(torn_messages_do_no_harm),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
