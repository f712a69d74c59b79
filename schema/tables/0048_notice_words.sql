-- SPDX-License-Identifier: Apache-2.0
-- N8 tells both sides of every step, not only whose turn it is: its title says so (R144: a new version).

alter table core.notice_template no force row level security;
insert into core.notice_template (kind, lang, version, subject, body) values
  ('N8', 'ru', 2, 'По спору есть новости', null), ('N8', 'en', 2, 'A dispute moved', null);
