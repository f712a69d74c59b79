-- SPDX-License-Identifier: Apache-2.0
-- Campaigns: segments, campaigns, recipients, locks, contact budget, outbox, telemarketing.

create table core.segment (
  segment_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,
  name      core.name_text not null,
  definition jsonb not null,
  version   int not null default 1,
  created_by bigint not null references core.staff, created_at timestamptz not null default core.now());

create table core.campaign (
  campaign_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,     -- principal; 0 = head office
  name      core.name_text not null,
  class     smallint not null check (class between 0 and 5),       -- R87
  grp       core.competition_group not null,
  brand_id  smallint references core.brand,
  channel   core.campaign_channel not null,
  definition jsonb not null,                         -- audience: the segment's tree, frozen at launch
  subject   core.short_text, body core.long_text,    -- {{name}} and other variables
  script    core.long_text,                          -- CALL: what the operator reads
  state     core.campaign_state not null default 'DRAFT',
  lock_days smallint not null default 21 check (lock_days between 1 and 21),  -- P13
  starts_at timestamptz, ends_at timestamptz,
  checked_at timestamptz, launched_at timestamptz, finished_at timestamptz,
  check_result jsonb,                                -- {total, will_get, reasons:{reason:n}} of the latest dry run
  requested_at timestamptz,                          -- launch was ordered: the place in the arbiter's queue (R89 PLANNED)
  is_prepared boolean not null default false,        -- every candidate has been judged; the arbiter may take its requests
  job_id    bigint,                                  -- latest check or launch job
  stop_reason core.short_text,
  unsubscribed int not null default 0,               -- clients who stopped advertising through a message of it
  told      jsonb,                                   -- counts last sent to the streams
  version   int not null default 1,
  created_by bigint not null references core.staff, created_at timestamptz not null default core.now(),
  constraint campaign_ends_after_start check (ends_at > starts_at));
create index campaign_dealer on core.campaign (dealer_id, created_at desc, campaign_id desc);
create index campaign_live on core.campaign (state, campaign_id) where state in ('LAUNCHING', 'RUNNING', 'PAUSED');
comment on constraint campaign_ends_after_start on core.campaign is
  'campaign-period | ends_at | Окончание раньше начала | The end lies before the start';

-- Every candidate ends in exactly one state with a reason; the counts add up (R90). No foreign keys: rows are written
-- only by the launch, 5,000 at a time, from core.party itself, and parties are never deleted.
create table core.recipient (
  campaign_id bigint not null,
  party_id  bigint not null,
  dealer_id int not null,                            -- owner at launch: answers and results go to him (R76)
  unit      text collate "C",                        -- lock unit; NULL: class 0-1, which lock nothing (R87)
  state     core.recipient_state not null,
  reason    core.drop_reason,
  free_week date,                                    -- 'locked until <week>': Monday of it
  next_at   timestamptz not null,                    -- not before: quiet hours of the person (P15)
  changed_at timestamptz not null default core.now(),
  primary key (campaign_id, party_id),
  check ((state in ('DROPPED', 'CANCELLED')) = (reason is not null)));
create index recipient_planned on core.recipient (campaign_id, party_id) where state = 'PLANNED';
create index recipient_open on core.recipient (campaign_id, party_id) where state in ('PLANNED', 'LOCKED', 'QUEUED');
create index recipient_due on core.recipient (campaign_id, next_at, party_id) where state = 'LOCKED';
create index recipient_household on core.recipient (campaign_id, unit) where left(unit, 1) = 'h';
create index recipient_dealer on core.recipient (dealer_id, campaign_id, party_id);

-- one address gets one message of a run ('duplicate'); emptied when the run ends
create table core.campaign_address (
  job_id bigint not null, address_hash bigint not null,
  primary key (job_id, address_hash));

create table core.campaign_count (                   -- roll-up written with the change
  campaign_id bigint not null, dealer_id int not null, state core.recipient_state not null,
  reason core.drop_reason, n bigint not null,
  unique nulls not distinct (campaign_id, dealer_id, state, reason));

-- R86: one row per lock unit and competition group; the key is the promise. unit: 'p<party>' | 'h<household>' | 'p<party>v<vehicle>'
create table core.campaign_lock (
  unit      text not null collate "C",
  grp       core.competition_group not null,
  campaign_id bigint not null,
  dealer_id int not null,                            -- principal
  class     smallint not null,
  state     core.lock_state not null,
  party_id  bigint not null,
  since     timestamptz not null,
  until     timestamptz not null,
  ver       int not null default 1,
  primary key (unit, grp)) with (fillfactor = 85);
create index campaign_lock_campaign on core.campaign_lock (campaign_id);
create index campaign_lock_party on core.campaign_lock (party_id, grp);
create index campaign_lock_until on core.campaign_lock (until) where state <> 'RELEASED';

create table core.campaign_lock_history (
  unit text not null collate "C", grp core.competition_group not null, ver int not null,
  campaign_id bigint not null, dealer_id int not null, class smallint not null, state core.lock_state not null,
  party_id bigint not null, since timestamptz not null, until timestamptz not null, recorded_at timestamptz not null,
  primary key (unit, grp, campaign_id, ver));

create table core.waiting_list (                     -- R91: dropped as locked, still wanted
  unit text not null collate "C", grp core.competition_group not null,
  campaign_id bigint not null, party_id bigint not null, dealer_id int not null, at timestamptz not null,
  primary key (unit, grp, campaign_id, party_id));
create index waiting_list_campaign on core.waiting_list (campaign_id);

-- R95, P14: one row a touch, charged at token time, returned on confirmed non-delivery
create table core.touch (
  touch_id  bigint generated always as identity primary key,
  party_id  bigint not null, channel core.channel not null, campaign_id bigint not null, dealer_id int not null,
  class     smallint not null, grp core.competition_group not null,
  unit      text collate "C",                        -- lock unit it ran under
  token     uuid not null unique,                    -- R93 send token
  at        timestamptz not null, returned_at timestamptz);
create index touch_party on core.touch (party_id, at);
create index touch_unit on core.touch (unit, grp);
create index touch_campaign on core.touch (campaign_id, party_id);

-- R96: the intent; never changes
create table core.message (
  message   uuid primary key default gen_random_uuid(),
  campaign_id bigint, wave smallint not null default 1, party_id bigint, channel core.channel not null,
  dealer_id int not null, kind text not null,        -- campaign | test | invitation | reset | notice
  address   text not null, vars jsonb not null default '{}',
  subject   text, body text,                         -- system mail only; campaign mail takes the campaign's
  created_at timestamptz not null default core.now(), expires_at timestamptz,
  constraint message_once unique (campaign_id, wave, party_id, channel));

create table core.outbox (
  outbox_id bigint generated always as identity primary key,
  message   uuid not null unique references core.message,
  prio      smallint not null default 5,             -- 0 system mail, 5 campaigns
  state     core.outbox_state not null default 'ready',
  campaign_id bigint,                                -- NULL: system mail
  attempt   smallint not null default 0,
  not_before timestamptz not null default core.now(),
  lease_until timestamptz, worker text, epoch bigint,
  dispatched_at timestamptz,                         -- the gate let it go under this lease
  last_code text, changed_at timestamptz not null default core.now()) with (fillfactor = 80);
create index outbox_ready on core.outbox (prio, not_before, outbox_id) where state = 'ready';
create index outbox_leased on core.outbox (lease_until) where state = 'leased';
create index outbox_campaign on core.outbox (campaign_id) where state in ('ready', 'leased');
create table core.sender_epoch (worker text primary key, epoch bigint not null, at timestamptz not null);

-- A000-32..38: the call list of a CALL campaign
create table core.call_item (
  call_id   bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  campaign_id bigint not null references core.campaign,
  party_id  bigint not null references core.party,
  dealer_id int not null,                            -- who calls
  state     text not null default 'queued' check (state in ('queued', 'offered', 'done', 'exhausted', 'cancelled')),
  operator_id bigint, offered_until timestamptz,
  attempts  smallint not null default 0,
  next_at   timestamptz not null default core.now(),
  result    core.call_result, note core.long_text, called_at timestamptz, interaction_id bigint, token uuid,
  n         int not null default 0,                  -- position in the printed list
  is_not_reached boolean not null default false,     -- «не дозвонились»: the last attempt found nobody
  undo      jsonb,                                   -- what the last result changed, for 30 s
  version   int not null default 1,
  unique (campaign_id, party_id));
create index call_item_list on core.call_item (dealer_id, campaign_id, n);
create index call_item_next on core.call_item (dealer_id, next_at, call_id) where state = 'queued';
create index call_item_operator on core.call_item (operator_id) where state = 'offered';
create index call_item_offered on core.call_item (offered_until) where state = 'offered';

-- Attributes of an audience (R136, design: never user SQL). One row an attribute and operator; %v stands for the value,
-- cast as value_type says, %p for the person's row. scope: 'both', or the base it is for ('dealer', 'network').
create table core.segment_attribute (
  attr text not null, op text not null,
  scope text not null check (scope in ('both', 'dealer', 'network')),
  value_type text not null check (value_type in ('texts', 'ints', 'uuids', 'number', 'number_pair', 'date', 'days', 'flag',
    'abcs', 'kinds', 'lines', 'states')),
  entity text not null check (entity in ('party', 'car', 'right', 'brand', 'consent')),
  clause text not null,
  primary key (attr, op, scope));

insert into core.segment_attribute (attr, op, scope, value_type, entity, clause) values
  ('city', 'in', 'both', 'texts', 'party', 'p.city = any (%v)'),
  ('kind', 'in', 'both', 'kinds', 'party', 'p.kind = any (%v)'),
  ('abc', 'in', 'both', 'abcs', 'party', 'p.abc = any (%v)'),
  ('sex', 'in', 'network', 'texts', 'party', 'p.sex = any (%v)'),
  ('sex', 'in', 'dealer', 'texts', 'party',
   'exists (select 1 from core.party y where y.party_id = p.party_id and y.sex = any (%v))'),
  ('age', 'between', 'network', 'number_pair', 'party', 'p.born_on <= (select core.today() - make_interval(years => %a::int))'
   ' and p.born_on > (select core.today() - make_interval(years => %b::int + 1))'),
  ('age', 'between', 'dealer', 'number_pair', 'party', 'exists (select 1 from core.party y where y.party_id = p.party_id'
   ' and y.born_on <= (select core.today() - make_interval(years => %a::int))'
   ' and y.born_on > (select core.today() - make_interval(years => %b::int + 1)))'),
  ('brand', 'in', 'both', 'ints', 'brand', '.brand_id = any (%v)'),
  ('model', 'in', 'both', 'texts', 'car', 'v.model = any (%v)'),
  ('model_year', 'between', 'both', 'number_pair', 'car', 'v.model_year between %a and %b'),
  ('line', 'in', 'both', 'lines', 'right', 'o.line = any (%v)'),
  ('owner_state', 'in', 'both', 'states', 'right', 'o.state = any (%v)'),
  ('owner', 'in', 'both', 'uuids', 'right',
   'o.dealer_id = any (array(select d.dealer_id from core.dealer d where d.public_id = any (%v)))'),
  ('consent', 'is', 'network', 'flag', 'consent', 'exists (select 1 from core.consent c where c.party_id = p.party_id'
   ' and c.purpose = ''ADVERTISING'' and c.withdrawn_at is null and (c.channel is null or %c))'),
  ('consent', 'is', 'dealer', 'flag', 'consent', 'exists (select 1 from core.consent c where c.party_id = p.party_id'
   ' and c.purpose = ''ADVERTISING'' and c.withdrawn_at is null and c.dealer_id = (select session.dealer())'
   ' and (c.channel is null or %c))');

-- figures: the dealer's own come from his projection and his documents, the network's from core.party_total
insert into core.segment_attribute (attr, op, scope, value_type, entity, clause)
select a.attr, o.op, a.scope, o.value_type, 'party', a.expr || o.tail
from (values
    ('last_visit', 'day', 'dealer', 'p.last_visit_on'),
    ('last_visit', 'day', 'network', 't.last_visit_on'),
    ('last_sale', 'day', 'dealer', '(select s.last_sale_on from core.party_summary s where s.party_id = p.party_id'
      ' and s.dealer_id = (select session.dealer()))'),
    ('last_sale', 'day', 'network', 't.last_sale_on'),
    ('order_count', 'number', 'dealer', 'p.order_count'),
    ('order_count', 'number', 'network', 'coalesce(t.order_count, 0)'),
    ('order_sum', 'number', 'dealer', 'p.order_kopecks'),
    ('order_sum', 'number', 'network', 'coalesce(t.order_kopecks, 0)'),
    ('sale_count', 'number', 'dealer', 'coalesce((select s.sale_count from core.party_summary s'
      ' where s.party_id = p.party_id and s.dealer_id = (select session.dealer())), 0)'),
    ('sale_count', 'number', 'network', 'coalesce(t.sale_count, 0)')) as a (attr, measure, scope, expr)
join (values
    ('day', 'before', 'date', ' < %v'), ('day', 'after', 'date', ' > %v'),
    ('day', 'older_than_days', 'days', ' < %v'), ('day', 'within_days', 'days', ' >= %v'),
    ('number', 'ge', 'number', ' >= %v'), ('number', 'le', 'number', ' <= %v'),
    ('number', 'between', 'number_pair', ' between %a and %b')) as o (measure, op, value_type, tail)
  using (measure);

-- Totals of a party over the whole network, kept by trigger from core.party_summary (design 16).
create table core.party_total (
  party_id bigint primary key,
  sale_count int not null default 0, sale_kopecks bigint not null default 0,
  order_count int not null default 0, order_kopecks bigint not null default 0,
  last_visit_on date, last_sale_on date) with (fillfactor = 85);

-- P13-P15 (D.0)
insert into core.policy (name, valid_from, value_int, unit) values
  ('P13.lock', '2000-01-01Z', 21, 'day'), ('P13.cooling', '2000-01-01Z', 7, 'day'),
  ('P14.call', '2000-01-01Z', 1, 'count'), ('P14.call_days', '2000-01-01Z', 14, 'day'),
  ('P14.sms', '2000-01-01Z', 2, 'count'), ('P14.sms_days', '2000-01-01Z', 30, 'day'),
  ('P14.email', '2000-01-01Z', 4, 'count'), ('P14.email_days', '2000-01-01Z', 30, 'day'),
  ('P14.all', '2000-01-01Z', 5, 'count'), ('P14.all_days', '2000-01-01Z', 30, 'day'),
  ('P14.relation', '2000-01-01Z', 3, 'count'), ('P14.relation_days', '2000-01-01Z', 30, 'day'),
  ('P15.from', '2000-01-01Z', 21, 'hour'), ('P15.to', '2000-01-01Z', 9, 'hour')
on conflict do nothing;
