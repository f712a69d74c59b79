-- SPDX-License-Identifier: Apache-2.0
-- The board of the funnel (R113): a dealer's rights by stage. A stage is what happened and counted; nobody sets it.

create type api.funnel_card as (right_id uuid, person_id uuid, name text, brand_id int, line core.line, state core.right_state, stage int, stage_at timestamptz,
    protect_until timestamptz, contact_until timestamptz, parked_on date, next_task_at timestamptz, seat_name text, interest text, version int, cursor_ text);

create function core.funnel_rights(p_brand int, p_line core.line, p_seat uuid)
returns table (ownership_id bigint, party_id bigint, stage smallint, stage_at timestamptz)
language sql stable security definer set search_path = '' as $$
    select o.ownership_id, o.party_id, case o.state when 'HELD' then 5::smallint when 'CUSTOMER' then 6::smallint else coalesce(s.stage, 0::smallint) end,
        case when o.state in ('HELD', 'CUSTOMER') then o.changed_at else coalesce(s.reached_at, o.registered_at) end
    from (select x.* from core.ownership x where x.dealer_id = session.dealer() and x.state in ('PENDING', 'ACTIVE', 'GRACE', 'HELD')
          union all
          select x.* from core.ownership x where x.dealer_id = session.dealer() and x.state = 'CUSTOMER' and x.event = 'delivery'
            and x.changed_at > core.now() - interval '30 days') o
    left join core.right_stage s on s.ownership_id = o.ownership_id
    where (p_brand is null or o.brand_id = p_brand) and (p_line is null or o.line = p_line)
      and (session.role_bit() = 16 or o.seat_id = session.staff() or o.seat_id is null)
      and (p_seat is null or o.seat_id = (select f.staff_id from core.staff f where f.public_id = p_seat and f.dealer_id = session.dealer())) $$;
comment on function core.funnel_rights(int, core.line, uuid) is $$
The rights of the caller's board: a manager's of the dealer, a seat's own and the queue's; deliveries of 30 days.
out: stage 0 registered, 1 contact, 2 visit, 3 test drive, 4 offer, 5 order, 6 delivery    source: R113, R133$$;

create type api.funnel_count as (stage int, total bigint, cursor_ text);

create function api.funnel_counts(p_brand_id int default null, p_line core.line default null, p_seat_id uuid default null,
    p_limit int default null, p_after text default null)
returns setof api.funnel_count language sql stable security definer set search_path = '' as $$
    select g.stage, (select count(*) from core.funnel_rights(p_brand_id, p_line, p_seat_id) f where f.stage = g.stage), g.stage::text
    from (select 0) one cross join lateral (values (0), (1), (2), (3), (4), (5), (6)) g(stage)
    where g.stage > coalesce(nullif(p_after, '')::int, -1) order by g.stage limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.funnel_counts is $$
How many rights stand at each stage of the caller's board.
in: brand_id, line, seat_id    out: 0 registered, 1 contact, 2 visit, 3 test drive, 4 offer, 5 order, 6 delivery (30 days)    rule: R113 $$;

create function api.funnel_list(p_stage int, p_brand_id int default null, p_line core.line default null, p_seat_id uuid default null,
    p_limit int default null, p_after text default null)
returns setof api.funnel_card language sql stable security definer set search_path = '' as $$
    select o.public_id, t.public_id, t.name, o.brand_id::int, o.line, o.state, f.stage::int, f.stage_at, o.protect_until,
        case when o.first_contact_at is null then o.contact_until end, o.parked_on, t.next_task_at, s.name, o.interest, o.ver,
        core.cursor_make(coalesce(o.protect_until, 'infinity')::text, o.public_id)
    from core.funnel_rights(p_brand_id, p_line, p_seat_id) f
    join core.ownership o on o.ownership_id = f.ownership_id
    join core.dealer_party t on t.dealer_id = o.dealer_id and t.party_id = o.party_id
    left join core.staff s on s.staff_id = o.seat_id
    where f.stage = p_stage and (coalesce(o.protect_until, 'infinity'), o.public_id) > (
        coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity'), coalesce(core.cursor_part(p_after, 2)::uuid, '00000000-0000-0000-0000-000000000000'))
    order by coalesce(o.protect_until, 'infinity'), o.public_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.funnel_list is $$
The cards of one column of the board, the soonest end of protection first. A card moves when its result is entered: an activity, an
order, a delivery; there is no other way.
in: stage 0..6; brand_id, line, seat_id    out: person by name, no contacts    rule: R113, R133    cost: below 20 ms for 5,000 rights $$;
