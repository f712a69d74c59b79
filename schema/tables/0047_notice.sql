-- SPDX-License-Identifier: Apache-2.0
-- Notices (D.15): the list N1 ... N15 as data, templates of the letters by version and language, everybody's own settings, what became
-- of each. A letter says that something waits and names no person (R140).

alter table core.notice no force row level security;
alter table core.dealer no force row level security;
update core.dealer set work_days = '{1,2,3,4,5}' where dealer_id = 0 and work_days = '{1,2,3,4,5,6,7}';   -- an office: P11 counts its days

create table core.notice_kind (
  kind      text primary key,                        -- N1 ... N15; A1, A2 for four eyes
  receivers text not null,                           -- who, in words
  owner     text not null,                           -- which part of the rules sends it (R142)
  due_min   int,                                     -- unread so long, it goes on to the manager; NULL: never (R142)
  is_urgent boolean not null default false,          -- R143: no quiet hours, no digest, no switching off
  by_email  boolean not null default false,          -- also by letter, unless switched off
  rank      smallint not null unique);
insert into core.notice_kind (kind, receivers, owner, due_min, is_urgent, by_email, rank) values
  ('N1', 'seat or queue of the dealer who is offered; his manager at the end', 'R40-R45', 60, true, true, 1),
  ('N2', 'seat in whose name somebody else registered', 'R31', null, false, false, 2),
  ('N3', 'routers', 'R45', null, false, false, 3),
  ('N4', 'who must look at a claim: routers, stewards', 'R24, R32', null, false, false, 4),
  ('N5', 'seat and manager of the dealer who lost the lead', 'P2, R7', 480, false, true, 5),
  ('N6', 'seat of the right', 'P10, R14', null, false, false, 6),
  ('N7', 'owner''s managers, once a day', 'R82', null, false, true, 7),
  ('N8', 'the side or the arbiter whose turn it is; head office when nobody is left', 'R102', 480, true, true, 8),
  ('N9', 'both sides', 'R107', null, false, true, 9),
  ('N10', 'old and new owner', 'R127', null, false, true, 10),
  ('N11', 'owners of the addressed', 'R78', null, false, true, 11),
  ('N12', 'who waited; who runs the campaign', 'R34, R91', null, false, false, 12),
  ('N13', 'seat of the right', 'R147', null, true, false, 13),
  ('N14', 'auditors', 'R26, R137, R151', null, true, true, 14),
  ('N15', 'managers and head office', 'R9', null, false, true, 15),
  ('A1', 'who may grant', 'four eyes', null, false, true, 16),
  ('A2', 'who asked', 'four eyes', null, false, false, 17);

create table core.notice_template (                  -- R144: a change is a new version
  kind text not null, lang text not null check (lang in ('ru', 'en')), version int not null default 1,
  valid_from timestamptz not null default '2000-01-01Z',
  subject core.short_text not null,                  -- of a kind: its title
  body    core.long_text,
  primary key (kind, lang, version));
-- the letters (one, digest), and what each kind is called in them: {{title}}, {{count}}, {{lines}}, {{network}}
insert into core.notice_template (kind, lang, subject, body) values
  ('one', 'ru', '{{network}}: {{title}}', E'Здравствуйте!\n\n{{title}}. Подробности — в системе: войдите и откройте уведомления.\n\nЭто письмо не содержит данных клиентов. Отключить такие письма можно в настройках учётной записи.'),
  ('one', 'en', '{{network}}: {{title}}', E'Hello,\n\n{{title}}. Sign in and open your notices for the details.\n\nThis letter holds no client data. Such letters can be switched off under your account.'),
  ('digest', 'ru', '{{network}}: уведомления за день — {{count}}', E'Здравствуйте!\n\nНепрочитанных уведомлений: {{count}}.\n\n{{lines}}\n\nПодробности — в системе. Это письмо не содержит данных клиентов.'),
  ('digest', 'en', '{{network}}: {{count}} notices of the day', E'Hello,\n\nUnread notices: {{count}}.\n\n{{lines}}\n\nSign in for the details. This letter holds no client data.'),
  ('N1', 'ru', 'Вам предложен клиент', null), ('N1', 'en', 'A client is offered to you', null),
  ('N2', 'ru', 'За вами зарегистрирован клиент', null), ('N2', 'en', 'A client was registered for you', null),
  ('N3', 'ru', 'Предложение не принято', null), ('N3', 'en', 'An offer was not accepted', null),
  ('N4', 'ru', 'Заявка ждёт проверки', null), ('N4', 'en', 'A claim waits for review', null),
  ('N5', 'ru', 'Клиент отозван: не было контакта', null), ('N5', 'en', 'A client was recalled: no contact', null),
  ('N6', 'ru', 'Срок закрепления заканчивается', null), ('N6', 'en', 'A protection term is ending', null),
  ('N7', 'ru', 'Закреплённый клиент обслужен в другом месте', null), ('N7', 'en', 'A protected client was served elsewhere', null),
  ('N8', 'ru', 'Спор ждёт вашего действия', null), ('N8', 'en', 'A dispute awaits you', null),
  ('N9', 'ru', 'По спору принято решение', null), ('N9', 'en', 'A dispute was decided', null),
  ('N10', 'ru', 'Передача клиента', null), ('N10', 'en', 'A transfer of a client', null),
  ('N11', 'ru', 'Кампания головного офиса: ваша часть', null), ('N11', 'en', 'A head-office campaign: your part', null),
  ('N12', 'ru', 'Клиент освободился или кампания изменилась', null), ('N12', 'en', 'A client is free, or a campaign changed', null),
  ('N13', 'ru', 'Согласие отозвано: остановите рекламу', null), ('N13', 'en', 'Consent withdrawn: stop advertising', null),
  ('N14', 'ru', 'Предел проверок или необычное чтение', null), ('N14', 'en', 'Probe limit or unusual reading', null),
  ('N15', 'ru', 'Опубликована новая версия правил', null), ('N15', 'en', 'A new version of the rules', null),
  ('A1', 'ru', 'Ждёт вашего подтверждения', null), ('A1', 'en', 'Waits for your approval', null),
  ('A2', 'ru', 'По вашей просьбе принято решение', null), ('A2', 'en', 'Your request was decided', null);

create table core.notice_setting (                   -- R143: none = letters as the kinds say, no quiet hours
  staff_id  bigint primary key references core.staff,
  muted     text[] not null default '{}',            -- kinds without letters
  is_digest boolean not null default false,          -- one letter a day instead of each
  digest_hour smallint not null default 9 check (digest_hour between 0 and 23),
  quiet_from smallint check (quiet_from between 0 and 23), quiet_to smallint check (quiet_to between 0 and 23),
  digest_on date,                                    -- the last digest
  check ((quiet_from is null) = (quiet_to is null)));

alter table core.notice
  add column mail_at timestamptz,                    -- when a letter may go; NULL: none, or done
  add column message uuid,                           -- the letter (R141)
  add column mail_state text check (mail_state in ('queued', 'sent', 'failed', 'digest')),
  add column escalate_at timestamptz,                -- unread by then, it goes on (R142); NULL: never, or done
  add column escalated_to int;                       -- how many were told
create index notice_mail on core.notice (mail_at) where mail_at is not null;
create index notice_escalate on core.notice (escalate_at) where escalate_at is not null;
create index notice_sent on core.notice (message) where mail_state = 'queued';
create index notice_staff_at on core.notice (staff_id, notice_id desc);
