/* SPDX-License-Identifier: Apache-2.0
 * The fixed statements: the bind, the replay, and what the native handlers call. With the calls
 * made from routes.def this is all the SQL the web side of the process can send. */
#ifndef CLIENTELE_API_SQL_H
#define CLIENTELE_API_SQL_H

#include "db/statement.h"

/* SQL(name, parameters, text) */
#define SQL_LIST                                                                                   \
    SQL(bind, 9,                                                                                   \
        "select session.bind($1::bytea, $2::int, $3::text, $4::text, $5::text, $6::text,"          \
        " $7::text, $8::text, $9::bytea)")                                                         \
    SQL(replay, 3, "select * from session.replay($1::bytea, $2::text, $3::text)")                  \
    SQL(refused, 4, "select session.refused($1::bytea, $2::text, $3::text, $4::text)")             \
    SQL(flush, 0, "select session.flush()")                                                        \
    SQL(login_begin, 2, "select * from session.login_begin($1::text, $2::inet)")                   \
    SQL(login_end, 7,                                                                              \
        "select * from session.login_end($1::bigint, $2::text, $3::inet, $4::bool, $5::bytea,"     \
        " $6::text, $7::bigint)")                                                                  \
    SQL(challenge_open, 2, "select session.challenge_open($1::bigint, $2::bytea)")                 \
    SQL(challenge_get, 1, "select * from session.challenge_get($1::bytea)")                        \
    SQL(recovery_use, 2, "select session.recovery_use($1::bigint, $2::bytea)")                     \
    SQL(link_open, 3, "select session.link_open($1::text, $2::text, $3::inet)")                    \
    SQL(link_get, 1, "select * from session.link_get($1::uuid)")                                   \
    SQL(password_set, 2, "select session.password_set($1::uuid, $2::text)")                        \
    SQL(certificate_session, 2, "select * from session.certificate_session($1::bytea, $2::bytea)") \
    SQL(enrol_code_use, 2, "select * from session.enrol_code_use($1::bytea, $2::bytea)")           \
    SQL(logout, 0, "select session.logout()")                                                      \
    SQL(logout_everywhere, 0, "select session.logout_everywhere()")                                \
    SQL(totp_begin, 1, "select session.totp_begin($1::bytea)")                                     \
    SQL(totp_pending, 0, "select * from session.totp_pending()")                                   \
    SQL(totp_confirm, 2, "select session.totp_confirm($1::bigint, $2::bytea[])")                   \
    SQL(session_get, 0, "select * from api.session_get()")                                         \
    SQL(staff, 0, "select session.staff()")                                                        \
    SQL(events_after, 2, "select * from session.events_after($1::bigint, $2::int)")                \
    SQL(unsubscribe_page, 1, "select * from api.unsubscribe_page($1::uuid)")                       \
    SQL(unsubscribe, 2, "select api.unsubscribe($1::uuid, $2::boolean)")                           \
    SQL(choice_page, 2, "select * from api.choice_page($1::uuid, $2::boolean)")                    \
    SQL(choice_make, 3, "select * from api.choice_make($1::uuid, $2::text, $3::boolean)")          \
    SQL(web_lead_add, 1, "select api.web_lead_add($1::jsonb)")

typedef struct {
#define SQL(NAME, COUNT, TEXT) const db_statement_t *NAME;
    SQL_LIST
#undef SQL
} sql_t;

/** Add them all to the list. */
static inline void sql_add(sql_t *sql, db_statements_t *list)
{
#define SQL(NAME, COUNT, TEXT) sql->NAME = db_statements_add(list, TEXT, COUNT);
    SQL_LIST
#undef SQL
}

#endif
