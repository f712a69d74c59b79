-- SPDX-License-Identifier: Apache-2.0
-- Who judges (R106): round robin among arbiters whom the organisation tree does not tie to a side.

create function core.group_root(p_group int) returns int
language sql stable as $$
with recursive up as (
    select g.group_id, g.parent_id, 1 as n from core.dealer_group g where g.group_id = p_group
    union all select g.group_id, g.parent_id, u.n + 1 from up u join core.dealer_group g on g.group_id = u.parent_id where u.n < 20)
select u.group_id from up u where u.parent_id is null or u.n = 20 limit 1 $$;
comment on function core.group_root(int) is 'The topmost group of a group of dealers; NULL for none.';

create function core.arbiter_conflict(p_staff bigint, p_claimant int, p_owner int) returns boolean
language plpgsql stable set search_path = '' as $$
begin
    return exists (
        with tie as (
            select t.dealer_id from core.staff_tie t where t.staff_id = p_staff
            union select f.dealer_id from core.staff a join core.staff f on lower(f.email) = lower(a.email) and f.dealer_id <> 0 where a.staff_id = p_staff)
        select from tie t join core.dealer d on d.dealer_id = t.dealer_id, core.dealer s
        where s.dealer_id in (p_claimant, p_owner)
          and (d.dealer_id = s.dealer_id or core.group_root(d.group_id) = core.group_root(s.group_id)));
end $$;
comment on function core.arbiter_conflict(bigint, int, int) is $$
Whether a member of head office is tied to a side: a declared tie, or an account with the same address, at the dealer or at any dealer
of the same group of owners. Head office itself is a side through a tie with it (dealer 0).    source: R106$$;

create function core.arbiter_next(d core.dispute, p_role text, p_due timestamptz) returns bigint
language plpgsql volatile set search_path = '' as $$
declare who bigint;
begin
    perform pg_catalog.pg_advisory_xact_lock(4270045);                  -- two cases never count the same turn
    select s.staff_id into who from core.staff s
    left join lateral (select max(x.assigned_at) as at from core.dispute_seat x where x.staff_id = s.staff_id) l on true
    where s.role = 'arbiter' and s.is_active
      and not exists (select from core.dispute_seat x where x.dispute_id = d.dispute_id and x.staff_id = s.staff_id)
      and not core.arbiter_conflict(s.staff_id, d.claimant_id, d.owner_id)
    order by l.at nulls first, s.staff_id limit 1;
    if who is null then
        perform core.notify_role('admin', 0, 'N8', d.public_id::text);  -- nobody left to judge: head office must name an arbiter
        return null;
    end if;
    insert into core.dispute_seat (dispute_id, staff_id, role, assigned_at, due_at) values (d.dispute_id, who, p_role, core.clock(), p_due);
    perform core.notify(who, 'N8', d.public_id::text, p_role);
    return who;
end $$;
comment on function core.arbiter_next(core.dispute, text, timestamptz) is $$
Give a case to the arbiter who waits longest for one, has not had this case and is tied to no side; head office is told when there is none.
in: p_role arbiter | committee    out: staff, NULL when nobody is left    source: R106$$;

create function core.arbiter_pass(d core.dispute, p_reason text) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare v_old bigint := d.arbiter_id;
begin
    update core.dispute_seat s set left_at = core.now(), reason = p_reason where s.dispute_id = d.dispute_id and s.staff_id = v_old;
    if d.state = 'ANSWERED' then d.due_at := core.working_days_end(0, core.now(), core.policy_int('P11.decision')); end if;
    d.arbiter_id := core.arbiter_next(d, 'arbiter', d.due_at);
    -- never an automatic win: with nobody left the case waits, and asks again each working day
    if d.arbiter_id is null and d.state = 'ANSWERED' then d.due_at := core.working_days_end(0, core.now(), 1); end if;
    d := core.dispute_move(d, 'next', d.state, jsonb_build_object('reason', p_reason, 'until', d.due_at));
    if d.arbiter_id is not null and d.state = 'ANSWERED' then perform core.notify(d.arbiter_id, 'N8', d.public_id::text, 'decide'); end if;
    return d;
end $$;
comment on function core.arbiter_pass(core.dispute, text) is 'The case goes to the next arbiter: silence, a conflict of interest, or he left. source: R102, R106';

create function core.committee_fill(d core.dispute) returns int
language plpgsql volatile set search_path = '' as $$
declare n int; who bigint;
begin
    select count(*) into n from core.dispute_seat s where s.dispute_id = d.dispute_id and s.role = 'committee' and s.left_at is null;
    while n < 2 loop
        who := core.arbiter_next(d, 'committee', d.due_at);
        exit when who is null;
        n := n + 1;
    end loop;
    return n;
end $$;
comment on function core.committee_fill(core.dispute) is 'Fill the two seats of the committee with arbiters who have not judged the case. out: seats filled. source: R102, R106';

create function core.committee_pass(d core.dispute) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    update core.dispute_seat s set left_at = core.now(), reason = 'silence'
    where s.dispute_id = d.dispute_id and s.role = 'committee' and s.left_at is null and s.vote is null;
    d.due_at := core.working_days_end(0, core.now(), core.policy_int('P11.appeal'));
    n := core.committee_fill(d);
    -- nobody is left who could overturn it: the decision stands
    if n < 2 and exists (select from core.dispute_seat s where s.dispute_id = d.dispute_id and s.reason = 'silence' and s.role = 'committee') then
        d.due_at := null;
        return core.dispute_final(d, 'uphold');
    end if;
    if n < 2 then d.due_at := core.working_days_end(0, core.now(), 1); end if;
    return core.dispute_move(d, 'next', 'APPEALED', jsonb_build_object('reason', 'silence', 'seats', n, 'until', d.due_at));
end $$;
comment on function core.committee_pass(core.dispute) is 'Silent seats of the committee go to the next arbiters; with nobody left the first decision stands. source: R102';
