-- SPDX-License-Identifier: Apache-2.0
-- What a campaign speaks of (R71), for which occasion (R73, R74), in whose name (R76, R77), and by whose permit (R88 class 5).

alter table core.campaign add column topic text, add column occasion text,
  add column is_direct boolean not null default false;   -- head office in its own name
alter table core.campaign add constraint campaign_topic_of_group check (topic is null or topic in ('brand', 'safety', 'loyalty')
  or (grp = 'SALES' and topic in ('models', 'trade_in', 'test_drive', 'finance', 'thanks', 'delivery'))
  or (grp = 'AFTERSALES' and topic in ('service_due', 'recall', 'tyres', 'parts', 'repair_quote'))
  or (grp = 'RELATION' and topic in ('greeting', 'survey', 'news')));
alter table core.campaign add constraint campaign_occasion check ((coalesce(topic, '') in ('greeting', 'survey')) = (occasion is not null));
alter table core.campaign add constraint campaign_occasion_form check (occasion ~ '^[a-z0-9][a-z0-9:_.-]{0,39}$');
comment on constraint campaign_topic_of_group on core.campaign is
  'campaign-topic | topic | Эта тема принадлежит другой линии | The topic belongs to another line of business';
comment on constraint campaign_occasion on core.campaign is
  'campaign-occasion | occasion | Поздравлению и опросу нужен повод, другим он не нужен | A greeting or survey names its occasion, others name none';
comment on constraint campaign_occasion_form on core.campaign is
  'campaign-occasion-form | occasion | Повод пишется как birthday-2026 | An occasion is written like birthday-2026';

-- R73, R74: one greeting, one survey request an occasion and person, whoever sends it.
create table core.occasion (
  party_id   bigint not null,
  occasion   text not null,
  kind       text not null check (kind in ('greeting', 'survey')),
  campaign_id bigint not null,
  at         timestamptz not null,
  primary key (party_id, occasion));
create index occasion_survey on core.occasion (party_id, at) where kind = 'survey';

-- R71, R88: the holder of a right lets another principal's one campaign speak to his people.
create table core.campaign_permit (
  permit_id  bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  campaign_id bigint not null references core.campaign,
  dealer_id  int not null references core.dealer,    -- who may grant it
  state      text not null default 'ASKED' check (state in ('ASKED', 'GRANTED', 'REFUSED')),
  asked_by   bigint not null references core.staff,
  asked_at   timestamptz not null default core.now(),
  decided_by bigint references core.staff, decided_at timestamptz,
  unique (campaign_id, dealer_id),
  check ((state = 'ASKED') = (decided_by is null)));
create index campaign_permit_dealer on core.campaign_permit (dealer_id, permit_id);
