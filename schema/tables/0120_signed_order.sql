-- SPDX-License-Identifier: Apache-2.0
-- A signed order holds a right (D.2, P7) and says what it is worth. Its place in the timeline is core.interaction; here stands what an order is
-- besides: whether it still stands, and from which version of the right it was taken, so that it can be taken back exactly (R3).

create table core.signed_order (
  order_id       bigint generated always as identity primary key,
  interaction_id bigint unique references core.interaction on delete set null,   -- NULL = taken back
  dealer_id      int not null references core.dealer,
  brand_id       smallint not null references core.brand, line core.line not null,
  signed_on      date not null,
  held_until     timestamptz not null,                 -- P7 as it was on the day of signing (R9)
  amount_kopecks core.kopecks check (amount_kopecks >= 0),             -- hundredths of the currency; NULL = not told
  currency       text not null default 'RUB' check (currency ~ '^[A-Z]{3}$'),
  ownership_id   bigint, base_ver int,                 -- the right it held, and its version before; base_ver NULL = the order made it
  recorded_at    timestamptz not null default core.now(),
  cancelled_at   timestamptz, undone_at timestamptz,
  check ((undone_at is null) or interaction_id is null));
create index signed_order_right on core.signed_order (ownership_id);
create index signed_order_dealer on core.signed_order (dealer_id);

-- orders of before: each belongs to the right that its transaction held
alter table core.interaction no force row level security;
alter table core.ownership_history no force row level security;
insert into core.signed_order (interaction_id, dealer_id, brand_id, line, signed_on, held_until, ownership_id, base_ver, recorded_at)
select i.interaction_id, i.dealer_id, h.brand_id, h.line, (i.at at time zone 'UTC')::date, h.protect_until, h.ownership_id, nullif(h.ver - 1, 0), i.recorded_at
from core.interaction i cross join lateral (
    select x.brand_id, x.line, x.protect_until, x.ownership_id, x.ver from core.ownership_history x
    where x.party_id = i.party_id and x.dealer_id = i.dealer_id and x.state = 'HELD' and x.event in ('order', 'succeed')
      and x.recorded_at between i.recorded_at - interval '1 minute' and i.recorded_at + interval '1 minute' and x.protect_until is not null
    order by abs(extract(epoch from x.recorded_at - i.recorded_at)) limit 1) h
where i.kind = 'ORDER';
update core.signed_order s set cancelled_at = x.recorded_at from core.ownership_history x, core.interaction i
where i.interaction_id = s.interaction_id and x.party_id = i.party_id and x.ownership_id = s.ownership_id and x.event = 'cancel_order' and x.recorded_at > s.recorded_at;

insert into core.right_transition (event, from_state, to_state, rule)
select 'undo', f.s::core.right_state, t.s::core.right_state, 'R3'
from (values ('HELD'), ('ACTIVE'), ('GRACE')) f(s), (values ('OFFERED'), ('PENDING'), ('ACTIVE'), ('HELD'), ('GRACE')) t(s)
on conflict do nothing;
insert into core.right_transition values ('order', 'HELD', 'HELD', 'R83');     -- a second order may hold him longer
