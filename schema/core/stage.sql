-- SPDX-License-Identifier: Apache-2.0
-- The stage of a right (R113): contact, visit, test drive, offer - by what happened and counted; order and delivery are its states.
-- Nothing moves a stage but a result.

create function core.stage_of_kind(p_kind core.interaction_kind, p_is_counted boolean) returns smallint
language sql immutable as $$
select case when p_is_counted and p_kind in ('OFFER', 'CREDIT', 'ORDER', 'DEPOSIT') then 4 when p_is_counted and p_kind = 'TEST_DRIVE' then 3
            when p_is_counted and p_kind in ('VISIT', 'APPRAISAL', 'APPOINTMENT') then 2 when core.is_two_sided(p_kind) then 1 end::smallint $$;
comment on function core.stage_of_kind(core.interaction_kind, boolean) is
'The stage an activity reaches: 1 contact, 2 visit, 3 test drive, 4 offer; NULL for what is not two-sided. in: whether it counted (R50)';

create function core.stage_reach(p_rights bigint[], p_dealer int, p_stage smallint, p_at timestamptz) returns void
language plpgsql volatile as $$
begin
    insert into core.right_stage as s (ownership_id, dealer_id, stage, reached_at) select u.id, p_dealer, p_stage, p_at from unnest(p_rights) u(id)
    on conflict (ownership_id) do update set stage = excluded.stage, reached_at = excluded.reached_at where s.stage < excluded.stage;
end $$;
comment on function core.stage_reach(bigint[], int, smallint, timestamptz) is 'Rights have come this far, or farther already. source: R113';

create function core.stage_follow(p_old bigint, o core.ownership) returns void
language plpgsql volatile as $$
begin
    insert into core.right_stage as s (ownership_id, dealer_id, stage, reached_at)
    select o.ownership_id, o.dealer_id, x.stage, x.reached_at from core.right_stage x where x.ownership_id = p_old
    on conflict (ownership_id) do update set stage = excluded.stage, reached_at = excluded.reached_at where s.stage < excluded.stage;
end $$;
comment on function core.stage_follow(bigint, core.ownership) is
'A right that follows another has come as far as that one: what happened with the person has happened (transfer, merge, R19). in: the old right, its successor. source: R113, R127';

create function core.rebuild_stages() returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare n bigint;
begin
    delete from core.right_stage;
    insert into core.right_stage (ownership_id, dealer_id, stage, reached_at)
    with recursive way as (                            -- a right and those it follows
        select o.ownership_id, o.dealer_id as owner_id, o.party_id, o.line, o.dealer_id, o.since, 'infinity'::timestamptz as until_at, o.successor_of
        from core.ownership o where o.state <> 'CLOSED'
        union all
        select w.ownership_id, w.owner_id, w.party_id, w.line, h.dealer_id, h.since, h.recorded_at, h.successor_of
        from way w cross join lateral (select x.dealer_id, x.since, x.recorded_at, x.successor_of, x.event from core.ownership_history x
            where x.ownership_id = w.successor_of order by x.ver desc limit 1) h
        where h.event in ('transfer', 'merge', 'lost'))
    select distinct on (w.ownership_id) w.ownership_id, w.owner_id, k.stage, i.at
    from way w join core.interaction i on i.party_id = w.party_id and i.dealer_id = w.dealer_id and i.at >= w.since and i.at <= w.until_at and core.is_of_line(i.kind, w.line)
    cross join lateral (select core.stage_of_kind(i.kind, i.is_qualifying) as stage) k
    where k.stage is not null
    order by w.ownership_id, k.stage desc, i.at;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.rebuild_stages() is 'Make the stages of open rights anew from their activities, after a load without triggers. out: rights with a stage';
