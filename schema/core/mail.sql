-- SPDX-License-Identifier: Apache-2.0
-- System mail about a password: invitation, reset, changed. Texts in both languages; the link is signed in C.

create function core.mail_staff(p_staff bigint, p_kind text, p_link uuid) returns uuid
language plpgsql security definer set search_path = '' as $$
declare s core.staff; net text; sent uuid; subject text; body text;
begin
    select * into s from core.staff x where x.staff_id = p_staff and x.is_active;
    if not found then return null; end if;
    select x.value into net from core.setting x where x.name = 'network_name';
    select t.subject, t.body into subject, body from (values
        ('reset', 'ru', 'Новый пароль в «%s»', E'Здравствуйте, %s!\n\nКто-то, вероятно вы, просит новый пароль в системе «%s». Ссылка:\n{{password_url}}\n\nОна действует 30 минут и только один раз. Если это были не вы, ничего не делайте.'),
        ('reset', 'en', 'New password for %s', E'Hello %s,\n\nSomebody, probably you, asked for a new password for %s. The link:\n{{password_url}}\n\nIt works once, within 30 minutes. If it was not you, do nothing.'),
        ('invitation', 'ru', 'Доступ к системе «%s»', E'Здравствуйте, %s!\n\nДля вас создана учётная запись в системе «%s». Задайте пароль по ссылке:\n{{password_url}}\n\nОна действует 72 часа и только один раз. Если вы не ждали приглашения, ничего не делайте.'),
        ('invitation', 'en', 'Your access to %s', E'Hello %s,\n\nAn account in %s was made for you. Set your password:\n{{password_url}}\n\nThe link works once, within 72 hours. If you expected no invitation, do nothing.'),
        ('password_changed', 'ru', 'Пароль в «%s» изменён', E'Здравствуйте, %s!\n\nВаш пароль в системе «%s» изменён, все сеансы завершены. Если это были не вы, сообщите администратору.'),
        ('password_changed', 'en', 'Your password for %s was changed', E'Hello %s,\n\nYour password for %s was changed and all sessions were ended. If it was not you, tell the administrator.')
        ) t(kind, lang, subject, body) where t.kind = p_kind and t.lang = s.lang;
    insert into core.message (channel, dealer_id, kind, address, vars, subject, body, expires_at)
    values ('EMAIL', s.dealer_id, p_kind, s.email, jsonb_strip_nulls(jsonb_build_object('name', s.name, 'password_link', p_link)), format(subject, net),
        format(body, s.name, net), core.now() + interval '7 days')
    returning message into sent;
    insert into core.outbox (message, prio) values (sent, 0);
    return sent;
end $$;
comment on function core.mail_staff(bigint, text, uuid) is $$
Queue a system mail to a member of staff, ahead of campaigns.
in: p_kind invitation | reset | password_changed; p_link goes as vars.password_link, C makes {{password_url}} of it
out: message, NULL when he has left$$;
