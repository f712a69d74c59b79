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

create function core.rebuild_stages() returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare n bigint;
begin
    delete from core.right_stage;
    insert into core.right_stage (ownership_id, dealer_id, stage, reached_at)
    select distinct on (o.ownership_id) o.ownership_id, o.dealer_id, k.stage, i.at
    from core.ownership o join core.interaction i on i.party_id = o.party_id and i.dealer_id = o.dealer_id and i.at >= o.since and core.is_of_line(i.kind, o.line)
    cross join lateral (select core.stage_of_kind(i.kind, i.is_qualifying) as stage) k
    where o.state <> 'CLOSED' and k.stage is not null
    order by o.ownership_id, k.stage desc, i.at;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.rebuild_stages() is 'Make the stages of open rights anew from their activities, after a load without triggers. out: rights with a stage';
