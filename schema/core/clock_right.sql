-- SPDX-License-Identifier: Apache-2.0
-- The clock of rights (R14): what ends when its time has come. Set-based, idempotent, in batches; safe to run twice or late.
-- Being late never shortens a term: grace is counted from the instant the clock ran.

create function core.clock_outage(p_limit int default 20000) returns int
language plpgsql volatile set search_path = '' as $$
declare last timestamptz; gap interval; u core.outage; ids bigint[]; v_plan core.outage;
begin
    select s.real_at into last from core.clock_state s where s.name = 'rights' for update;
    gap := clock_timestamp() - last;                       -- real time: a test that moves the clock is no outage
    -- an outage while the one before is still being made good waits for its turn: the clock's last time stays as it is
    if not (gap > interval '4 hours' and exists (select from core.outage x where x.finished_at is null and not x.is_planned)) then
        insert into core.clock_state as s (name, real_at) values ('rights', clock_timestamp())
        on conflict (name) do update set real_at = excluded.real_at;
    else
        gap := interval '0';
    end if;
    if gap > interval '1 minute' then                      -- a planned one counts whatever its length
        update core.outage x set finished_at = core.now() where x.is_planned and x.finished_at is null and x.until_at < core.now() - gap;
        select x.* into v_plan from core.outage x where x.is_planned and x.finished_at is null
            and x.from_at <= core.now() and x.until_at >= core.now() - gap order by x.outage_id limit 1 for update;
    end if;
    if gap > interval '4 hours' or v_plan.outage_id is not null then
        if v_plan.outage_id is not null then update core.outage x set finished_at = core.now() where x.outage_id = v_plan.outage_id; end if;
        insert into core.outage (from_at, until_at, is_planned, reason)
        values (core.clock() - gap, core.clock(), false, v_plan.reason) on conflict do nothing;
        if found then perform core.outage_terms(core.clock() - gap, core.clock()); end if;
    end if;
    select x.* into u from core.outage x where x.finished_at is null and not x.is_planned for update;
    if u.outage_id is null then return 0; end if;
    gap := u.until_at - u.from_at;
    select array_agg(x.ownership_id) into ids from (
        select o.ownership_id from core.ownership o where o.ownership_id > u.done_to and o.changed_at <= u.until_at
        order by o.ownership_id limit p_limit) x;
    update core.ownership o set accept_until = o.accept_until + gap, contact_until = o.contact_until + gap,
        protect_until = o.protect_until + gap, limit_until = o.limit_until + gap,
        free_from = case when o.state = 'GRACE' then o.free_from + gap else o.free_from end,
        event = 'outage', rule = 'R17', ver = o.ver + 1, changed_by = null, changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.ownership_id = any (ids) and o.state in ('OFFERED', 'PENDING', 'ACTIVE', 'HELD', 'CUSTOMER', 'GRACE') and o.changed_at <= u.until_at;
    get diagnostics u.rights = row_count;
    update core.outage x set rights = x.rights + u.rights, done_to = coalesce(ids[cardinality(ids)], x.done_to),
        finished_at = case when coalesce(cardinality(ids), 0) < p_limit then core.now() end
    where x.outage_id = u.outage_id returning x.* into u;
    if u.finished_at is not null then
        perform core.ledger_add('clock.outage', null, null, 'R17', jsonb_build_object('minutes', extract(epoch from gap)::bigint / 60, 'rights', u.rights));
    end if;
    return greatest(coalesce(cardinality(ids), 0), 1);
end $$;
comment on function core.clock_outage(int) is $$
After more than four hours without the clock, or a planned outage of any length, every running term grows by that time, once: in batches
by number, so that a million rights need many short steps; until the last nothing expires.
out: rights looked at; 0 no outage is being made good    source: R17$$;

create function core.clock_close(p_ids bigint[], p_event text, p_reason core.close_reason, p_rule text) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    update core.ownership o set state = 'CLOSED', reason = p_reason, free_from = core.now(), accept_until = null, contact_until = null,
        event = p_event, rule = p_rule, ver = o.ver + 1, changed_by = null, changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.ownership_id = any (p_ids) and o.state <> 'CLOSED';
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.clock_close(bigint[], text, core.close_reason, text) is 'Close rights whose time is over.';

create function core.clock_free(p_ids bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
    perform core.claim_next(w.party_id, w.brand_id, w.line, w.vehicle_id) from (
        select o.party_id, o.brand_id, o.line, min(o.vehicle_id) as vehicle_id from core.ownership o
        where o.ownership_id = any (p_ids) and o.state = 'CLOSED' and exists (
            select from core.waiting_claim c where c.party_id = o.party_id and c.brand_id = o.brand_id and c.line = o.line)
        group by o.party_id, o.brand_id, o.line order by 1, 2, 3) w;
end $$;
comment on function core.clock_free(bigint[]) is 'Try the claims of those who wait for these people, in order; they never learn who had them. source: R15, R34, N12';

create function core.clock_offers(p_limit int) returns int
language plpgsql volatile set search_path = '' as $$
declare ids bigint[]; n int := 0;
begin
    select array_agg(x.ownership_id) into ids from (
        select o.ownership_id from core.ownership o where o.state = 'OFFERED' and o.accept_until <= core.now()
        order by o.accept_until limit p_limit for update skip locked) x;
    if ids is not null then
        n := core.clock_close(ids, 'not_accepted', 'not_accepted', 'R45');
        perform core.notify_role('router', 0, 'N3', p.public_id::text, o.ownership_id::text)
        from core.ownership o join core.party p on p.party_id = o.party_id where o.ownership_id = any (ids);
        perform core.clock_free(ids);
    end if;
    select array_agg(x.ownership_id) into ids from (
        select o.ownership_id from core.ownership o where o.state = 'PENDING' and o.accept_until <= core.now()
        order by o.accept_until limit p_limit for update skip locked) x;
    update core.ownership o set state = 'ACTIVE', accept_until = null, event = 'checked', rule = 'R32', ver = o.ver + 1, changed_by = null,
        changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.ownership_id = any (ids);
    update core.review r set state = 'EXPIRED', decided_at = core.now() where r.ownership_id = any (ids) and r.state = 'OPEN';
    return n + coalesce(cardinality(ids), 0);
end $$;
comment on function core.clock_offers(int) is 'Offers nobody accepted go to the pool (P1, R45); claims under review stand after their day (R32).';

create function core.clock_contacts(p_limit int) returns int
language plpgsql volatile set search_path = '' as $$
declare ids bigint[]; n int := 0;
begin
    select array_agg(x.ownership_id) into ids from (
        select o.ownership_id from core.ownership o
        where o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null and o.contact_until <= core.now()
        order by o.contact_until limit p_limit for update skip locked) x;
    if ids is null then return 0; end if;
    perform core.notify(s.staff_id, 'N5', p.public_id::text, o.ownership_id::text)
    from core.ownership o join core.party p on p.party_id = o.party_id
    join core.staff s on s.is_active and (s.staff_id = o.seat_id or (s.dealer_id = o.dealer_id and s.role = 'manager'))
    where o.ownership_id = any (ids);
    update core.task t set state = 'CANCELLED', version = t.version + 1 from core.ownership o
    where o.ownership_id = any (ids) and t.party_id = o.party_id and t.dealer_id = o.dealer_id and t.kind = 'lead' and t.state = 'OPEN';
    n := core.clock_close(ids, 'no_contact', 'no_contact', 'R112');
    perform core.clock_free(ids);
    return n;
end $$;
comment on function core.clock_contacts(int) is 'Accepted leads without a first contact in P2 are recalled to the pool, with notice to seat and managers (N5).';

create function core.clock_terms(p_limit int, p_half int, inout at timestamptz default '-infinity', inout id bigint default 0, out n int)
language plpgsql volatile set search_path = '' as $$
declare seats bigint[]; people text[]; occurrences text[]; ats timestamptz[]; ids bigint[]; grace interval := make_interval(days => core.policy_int('P6.grace'));
begin
    with due as materialized (                             -- locked, so its place holds: no second way through an index
        select o.ctid, o.protect_until as at, o.ownership_id as id from core.ownership o where o.state in ('ACTIVE', 'CUSTOMER') and o.party_id % 2 = p_half
            and (o.protect_until, o.ownership_id) > (clock_terms.at, clock_terms.id) and o.protect_until <= core.now()
        -- the half first: the remainder's function is not leakproof, so behind a row policy its equality proves no order of the index
        order by o.party_id % 2, o.protect_until, o.ownership_id limit p_limit for update skip locked),
    ended as (
        update core.ownership o set state = 'GRACE', free_from = core.now() + grace, contact_until = null, event = 'expire', rule = 'R14',
            ver = o.ver + 1, changed_by = null, changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
        from due d where o.ctid = d.ctid returning o.ownership_id, o.ver, o.party_id, o.seat_id)
    select (select array_agg(d.at) from due d), (select array_agg(d.id) from due d), count(*),
        array_agg(e.seat_id) filter (where e.seat_id is not null), array_agg(p.public_id::text) filter (where e.seat_id is not null),
        array_agg(e.ownership_id || ':expired:' || e.ver) filter (where e.seat_id is not null)   -- a right may expire, be used and expire again
    into ats, ids, n, seats, people, occurrences from ended e join core.party p on p.party_id = e.party_id;
    if seats is not null then perform core.notify_all('N6', seats, people, occurrences); end if;
    at := coalesce(ats[n], at); id := coalesce(ids[n], id);
end $$;
comment on function core.clock_terms(int, int, timestamptz, bigint) is $$
ACTIVE and CUSTOMER past their term go to GRACE, their seats are told (N6).
in: p_limit rows; p_half 0 or 1, of the people: each has its own range of ownership_clock; at and id behind which it begins: a long run does
    not walk again over what it has ended
out: n rights ended; at and id of the last    cost: 50 us a right    source: R14, P6$$;

create function core.clock_expiry(p_limit int, p_halves int[] default '{0,1}') returns int
language plpgsql volatile set search_path = '' as $$
declare ids bigint[]; n int := 0; half int;
begin
    -- P7: an order that was never delivered falls back, and expires by its own term
    select array_agg(x.ownership_id) into ids from (
        select o.ownership_id from core.ownership o where o.state = 'HELD' and o.protect_until <= core.now()
        order by o.protect_until limit p_limit for update skip locked) x;
    update core.ownership o set state = 'ACTIVE', event = 'cancel_order', rule = 'P7', ver = o.ver + 1, changed_by = null,
        changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond') where o.ownership_id = any (ids);
    n := coalesce(cardinality(ids), 0);
    foreach half in array p_halves loop n := n + (core.clock_terms(p_limit, half)).n; end loop;
    select array_agg(x.ownership_id) into ids from (
        select o.ownership_id from core.ownership o where o.state = 'GRACE' and o.free_from <= core.now()
        order by o.free_from limit p_limit for update skip locked) x;
    if ids is not null then
        n := n + core.clock_close(ids, 'grace_over', 'expired', 'R15');
        perform core.notify_all('N6', array_agg(o.seat_id), array_agg(p.public_id::text), array_agg(o.ownership_id || ':over:' || o.ver))
        from core.ownership o join core.party p on p.party_id = o.party_id where o.ownership_id = any (ids) and o.seat_id is not null having count(*) > 0;
        perform core.clock_free(ids);
    end if;
    return n;
end $$;
comment on function core.clock_expiry(int, int[]) is $$
Terms that are over, grace that is over (to the pool), orders past P7, which fall back.
in: p_limit rows a step; p_halves of the people whose terms no job ends    out: rights changed    source: P6, R14, R15$$;

create function core.clock_reached() returns void
language plpgsql volatile set search_path = '' as $$
begin
    -- a right that somebody holds locked is left to the next turn, and then the lists wait for it
    update core.clock_state s set expired_to = least(core.now(), greatest(s.expired_to, coalesce((
            select min(o.protect_until) - interval '1 microsecond' from (values (0), (1)) h(half), lateral (
                select x.protect_until from core.ownership x where x.state in ('ACTIVE', 'CUSTOMER') and x.party_id % 2 = h.half
                and x.protect_until <= core.now() order by x.party_id % 2, x.protect_until limit 1) o), core.now())))
    where s.name = 'rights';
end $$;
comment on function core.clock_reached() is 'Note how far terms have been ended, for core.expired_to; lists show the others still running. source: R14';

-- A run of many rights is the work of two jobs, each for every second person, so that no two of one person's rights end side by side. The
-- clock's own connection has other parts, which took half of its time from the rights.
create function core.clock_halves() returns int[]
language plpgsql volatile set search_path = '' as $$
begin
    return array(select h from generate_series(0, 1) h where not exists (select from core.job j
        where j.kind = 'expiry' and (j.spec ->> 'half')::int = h and j.state = 'RUNNING' and j.lease_until > core.now())
        and pg_catalog.pg_try_advisory_xact_lock(4270010 + h));
end $$;
comment on function core.clock_halves() is 'Locks and gives the halves of the people whose terms the clock ends itself: those that no job does just now.';

create function core.job_step_expiry(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare v_job core.job := core.job_claim(p_job); k int; n int := 0; v_half int := v_job.spec ->> 'half';
    v_at timestamptz := coalesce(v_job.spec ->> 'at', '-infinity'); v_id bigint := coalesce(v_job.spec ->> 'id', '0');
begin
    is_done := false; total := 0;
    -- the clock alone finds out that it did not run for hours, and nothing ends before that is made good (R17)
    if exists (select from core.clock_state s where s.name = 'rights' and s.real_at > clock_timestamp() - interval '1 minute')
       and not exists (select from core.outage u where u.finished_at is null and not u.is_planned) then
        perform pg_catalog.pg_advisory_xact_lock(4270010 + v_half);        -- the clock's turn that ordered this may not be over
        loop
            select t.n, t.at, t.id into k, v_at, v_id from core.clock_terms(2000, v_half, v_at, v_id) t;
            n := n + k;
            exit when k < 2000 or clock_timestamp() > statement_timestamp() + interval '400 milliseconds';
        end loop;
        is_done := k < 2000;
        update core.job x set spec = x.spec || jsonb_build_object('at', v_at, 'id', v_id) where x.job_id = p_job;
    end if;
    done := v_job.done + n;
end $$;
comment on function core.job_step_expiry(bigint) is 'One connection of a long run of the clock: terms of every second person. Ordered by core.clock_rights. source: R14, R159';

create function core.term_warn(p_label text, p_half int, p_limit int, inout at timestamptz, inout id bigint, out n int)
language plpgsql volatile set search_path = '' as $$
declare v_until timestamptz := core.now() + make_interval(days => core.policy_int(p_label)); v_at timestamptz; v_id bigint;
    seats bigint[]; people text[]; occurrences text[];
begin
    with next as materialized (
        select o.ownership_id, o.party_id, o.seat_id, o.protect_until, o.state = 'ACTIVE' and o.seat_id is not null
            and o.since <= o.protect_until - (v_until - core.now()) as is_told from core.ownership o
        where o.state in ('ACTIVE', 'CUSTOMER') and o.party_id % 2 = p_half and o.protect_until > core.now() and o.protect_until <= v_until
          and (o.protect_until, o.ownership_id) > (term_warn.at, term_warn.id)
        order by o.party_id % 2, o.protect_until, o.ownership_id limit p_limit),       -- as core.clock_terms
    told as (
        select x.seat_id, p.public_id::text as person, x.ownership_id || ':' || p_label || ':' || x.protect_until::date as occurrence
        from next x join core.party p on p.party_id = x.party_id where x.is_told)
    select (select count(*) from next), (select max(x.protect_until) from next x),
        (select max(x.ownership_id) from next x where x.protect_until = (select max(y.protect_until) from next y)),
        array_agg(t.seat_id), array_agg(t.person), array_agg(t.occurrence)
    into n, v_at, v_id, seats, people, occurrences
    from told t where not exists (select from core.notice y where y.staff_id = t.seat_id and y.kind = 'N6' and y.occurrence = t.occurrence
                                  and y.subject = t.person);
    if seats is not null then perform core.notify_all('N6', seats, people, occurrences); end if;
    at := coalesce(v_at, at); id := coalesce(v_id, id);
end $$;
comment on function core.term_warn(text, int, int, timestamptz, bigint) is $$
Tell the seats of the next rights whose term ends within a policy's days, once per term and step (R141); "warned" itself is derived (R13).
in: P10.first or P10.second; half of the people, at most so many rights, behind the place of the step before
out: place; rights looked at, fewer than the limit = the last    cost: 10 us a right    source: P10, N6$$;

create function core.clock_warnings(p_limit int default 5000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare w jsonb; n int := 0; k int; v_leg int; v_at timestamptz; v_id bigint;
begin
    if not exists (select from core.clock_state s where s.name = 'warnings' and s.real_at > clock_timestamp() - interval '1 hour') then
        insert into core.clock_state as s (name, real_at) values ('warnings', clock_timestamp())
        on conflict (name) do update set real_at = excluded.real_at;
        insert into core.clock_mark as m (name, at, detail) values ('warnings.walk', core.now(), '{"leg": 0}')
        on conflict (name) do update set at = excluded.at, detail = excluded.detail;
        delete from core.cold_row c where c.created_at < core.now() - make_interval(days => core.policy_int('R37.keep'));
        -- who is free otherwise than by this clock: at once or with a time to wait (R57), or because what stood in the way was an order in
        -- another line (R33) or a company's head (R64), which has no row here
        perform core.claim_next(w.party_id, w.brand_id, w.line, w.vehicle_id) from (
            select c.party_id, c.brand_id, c.line, min(o.vehicle_id) filter (where o.state = 'CLOSED') as vehicle_id
            from core.waiting_claim c left join core.ownership o on o.party_id = c.party_id and o.brand_id = c.brand_id and o.line = c.line
            group by 1, 2, 3 having count(o.ownership_id) = 0 or bool_or(o.state = 'CLOSED' and o.free_from <= core.now()) order by 1, 2, 3) w;
    end if;
    -- four legs: either warning, either half of the people
    select m.detail into w from core.clock_mark m where m.name = 'warnings.walk' for update;
    v_leg := coalesce((w ->> 'leg')::int, 4); v_at := coalesce(w ->> 'at', '-infinity'); v_id := coalesce(w ->> 'id', '0');
    if v_leg = 4 then return 0; end if;
    while v_leg < 4 and n < p_limit loop
        select t.n, t.at, t.id into k, v_at, v_id
        from core.term_warn((array['P10.second', 'P10.first'])[1 + v_leg / 2], v_leg % 2, p_limit - n, v_at, v_id) t;
        if k < p_limit - n then v_leg := v_leg + 1; v_at := '-infinity'; v_id := 0; end if;
        n := n + k;
    end loop;
    update core.clock_mark m set detail = jsonb_build_object('leg', v_leg, 'at', v_at, 'id', v_id) where m.name = 'warnings.walk';
    return n;
end $$;
comment on function core.clock_warnings(int) is $$
Once an hour: the end of cold rows (R37), claims whose person is free (R34), and a walk over the terms that end soon, which goes on from turn to
turn, so that a network's million of them holds nobody up.
in: rights looked at in a turn    out: so many were; the limit = there are more    source: P10, N6$$;

create function core.clock_rights(p_limit int default 2000, p_for interval default '400 milliseconds') returns int
language plpgsql volatile security definer set search_path = '' as $$
declare n int := 0; k int; v_halves int[] := core.clock_halves(); v_left boolean := false;
begin
    loop
        k := core.clock_outage(p_limit);
        if k = 0 then
            k := core.clock_offers(p_limit) + core.clock_contacts(p_limit) + core.clock_expiry(p_limit, v_halves);
            -- terms of one instant are shown ended when the last of them is
            if v_halves = '{0,1}' then perform core.clock_reached(); end if;
            v_left := k >= p_limit;
        end if;
        n := n + k;
        exit when k < p_limit or clock_timestamp() > statement_timestamp() + p_for;
    end loop;
    if v_left then
        insert into core.job (kind, spec, staff_id, dealer_id, letter, not_before)
        select 'expiry', jsonb_build_object('half', h), null, 0, 'S', core.now() from unnest(v_halves) h
        where not exists (select from core.job j where j.kind = 'expiry' and (j.spec ->> 'half')::int = h and j.state in ('QUEUED', 'RUNNING'));
    end if;
    return n;
end $$;
comment on function core.clock_rights(int, interval) is $$
One turn of the clock of rights: batch after batch for p_for, however many rights are due: whoever wants one that a batch has just changed
waits no longer for the end of the transaction.
in: p_limit rows a step    out: how many rights changed (0 = nothing was due)    cost: four index probes when nothing is due
source: R14, R15, R17, R45$$;
