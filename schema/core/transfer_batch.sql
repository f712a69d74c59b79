-- SPDX-License-Identifier: Apache-2.0
-- Many rights at once (R131): a dealer ceases, or a filter of its rights moves. Dry run with counts, a second person's grant, an effective
-- date, then a job in short steps. A step moves its rights and its place in one transaction: killed anywhere, it goes on where it was; run
-- twice, there is nothing left to move. All its ledger rows carry the job's request id; two rows of the batch itself enclose them.

insert into core.approval_kind (kind, roles, rule, days) values ('transfer_batch', 1 | 4 | 8, 'R131', 14) on conflict do nothing;

create type core.batch_right as (ownership_id bigint, party_id bigint, state core.right_state, act text, to_dealer_id int);
comment on type core.batch_right is 'One right in a bulk transfer: move, close (an offer nobody answered), or why it stays: held, disputed, no_dealer.';

create function core.batch_rights(b core.transfer_batch, p_after bigint, p_limit int) returns setof core.batch_right
language sql stable set enable_nestloop = on as $$
with want as materialized (
    select (t ->> 'dealer_id')::int as dealer_id, (t ->> 'share')::int as share, n from jsonb_array_elements(b.targets) with ordinality x(t, n)),
fit as materialized (                                  -- who of them holds the brand and line, and his span of the whole
    select l.brand_id, l.line, w.dealer_id, d.city, sum(w.share) over g - w.share as low, sum(w.share) over g as high, sum(w.share) over (partition by l.brand_id, l.line) as whole
    from want w join core.dealer d on d.dealer_id = w.dealer_id and d.is_active
    join core.dealer_brand l on l.dealer_id = w.dealer_id
    where w.dealer_id <> b.from_dealer_id
    window g as (partition by l.brand_id, l.line order by w.n)),
mine as materialized (
    select o.ownership_id, o.party_id, o.state, o.brand_id, o.line, p.city, abs(hashint8extended(u.root_id, b.batch_id) % 1000003) as draw, u.root_id
    from core.ownership o
    left join core.company c on c.party_id = o.party_id
    -- R64: a company goes as one, by its head; a branch with an owner of its own by itself
    cross join lateral (select case when c.head_id is null or core.company_carve(o.party_id, o.brand_id, o.line) is not null then o.party_id else c.head_id end as root_id) u
    join core.party p on p.party_id = u.root_id
    where o.dealer_id = b.from_dealer_id and o.state <> 'CLOSED' and o.ownership_id > p_after
      and (b.brand_id is null or o.brand_id = b.brand_id) and (b.line is null or o.line = b.line) and (b.city is null or p.city = b.city)
    order by o.ownership_id limit p_limit)
select m.ownership_id, m.party_id, m.state,
    case when m.state = 'DISPUTED' then 'disputed' when m.state = 'HELD' and not b.is_ceasing then 'held'
         when m.state = 'OFFERED' then case when b.is_ceasing then 'close' else 'offered' end
         when m.state = 'PENDING' and not b.is_ceasing then 'pending'
         when f.dealer_id is null then 'no_dealer' else 'move' end, f.dealer_id
from mine m
left join lateral (
    select array_agg(y.dealer_id) as ids from core.territory_of(m.brand_id, m.line, core.today(), core.place_of(m.root_id)) y where b.mode = 'territory') t on true
left join lateral (
    select x.dealer_id from fit x where x.brand_id = m.brand_id and x.line = m.line
    order by coalesce(x.dealer_id = any (t.ids), false) desc, b.mode = 'territory' and x.city = m.city desc, m.draw % x.whole >= x.low and m.draw % x.whole < x.high desc, x.dealer_id limit 1) f on true
order by m.ownership_id $$;
comment on function core.batch_rights(core.transfer_batch, bigint, int) is $$
The next rights of a batch after a number, what happens to each, and to whom it goes: all of one person's rights of a line to one dealer, of a company
and its branches too, by shares drawn from the person's number (the same whenever it is asked), in mode territory to a dealer in whose territory he lives, else of his city.
source: R131, R41$$;

create function core.batch_count(b core.transfer_batch) returns jsonb
language sql stable as $$
with r as materialized (select * from core.batch_rights(b, 0, 2147483647)),
moving as materialized (select r.party_id, r.to_dealer_id from r where r.act = 'move')
select jsonb_build_object('total', (select count(*) from r), 'move', (select count(*) from moving), 'close', (select count(*) from r where r.act = 'close'),
    'stay', (select coalesce(jsonb_object_agg(x.act, x.n), '{}') from (select r.act, count(*) as n from r where r.act not in ('move', 'close') group by 1) x),
    'states', (select coalesce(jsonb_object_agg(x.state, x.n), '{}') from (select r.state, count(*) as n from r group by 1) x),
    'held', (select count(*) from r where r.state = 'HELD'), 'disputed', (select count(*) from r where r.state = 'DISPUTED'),
    'locked', (select count(distinct l.party_id) from core.campaign_lock l where l.state in ('HELD', 'ACTIVE') and l.until > core.now()
               and l.dealer_id = b.from_dealer_id and l.party_id in (select m.party_id from moving m)),
    'covered', (select count(*) from moving m where exists (select from core.consent c where c.party_id = m.party_id and c.withdrawn_at is null
                and ((c.purpose = 'PROCESSING' and c.dealer_id = m.to_dealer_id) or c.purpose = 'TRANSFER'))),
    'targets', (select coalesce(jsonb_agg(jsonb_build_object('dealer', d.name, 'rights', x.n) order by x.n desc, d.name), '[]')
                from (select m.to_dealer_id, count(*) as n from moving m group by 1) x join core.dealer d on d.dealer_id = x.to_dealer_id)) $$;
comment on function core.batch_count(core.transfer_batch) is $$
The dry run: rights in all, by state, what moves and what stays and why, campaign locks that would cool, whose consent covers the new owner,
how many go to whom.    cost: one pass over the dealer's rights    source: R131$$;

create function core.batch_plan(b core.transfer_batch) returns int
language plpgsql volatile set search_path = '' as $$
declare n int; v_stay int;
begin
    with r as materialized (select * from core.batch_rights(b, 0, 2147483647)),
    kept as (
        insert into core.transfer_batch_plan (batch_id, ownership_id, to_dealer_id, is_closing)
        select b.batch_id, r.ownership_id, coalesce(r.to_dealer_id, 0), r.act = 'close' from r where r.act in ('move', 'close') order by r.ownership_id
        on conflict do nothing returning 1)
    select (select count(*) from kept), (select count(*) from r where r.act not in ('move', 'close')) into n, v_stay;
    update core.transfer_batch x set stayed = v_stay, total = greatest(x.total, x.moved + n + v_stay) where x.batch_id = b.batch_id;
    return n;
end $$;
comment on function core.batch_plan(core.transfer_batch) is $$
Write what a batch will do with each right its dealer has now; what is planned already is left as it is.
out: rights to move or close that were not in the plan; 0 = nothing is left to do    cost: one pass over the dealer's rights    source: R131$$;

create function core.batch_move(b core.transfer_batch, p_limit int, out looked int, out last_id bigint, out moved int)
language plpgsql volatile set search_path = '' as $$
declare ids bigint[]; parties bigint[]; targets int[]; states core.right_state[]; closing bigint[]; made bigint[]; closes boolean[];
begin
    with taken as (
        delete from core.transfer_batch_plan y using (
            select z.ownership_id from core.transfer_batch_plan z where z.batch_id = b.batch_id order by z.ownership_id limit p_limit) f
        where y.batch_id = b.batch_id and y.ownership_id = f.ownership_id
        returning y.ownership_id, y.to_dealer_id, y.is_closing)
    select count(*), max(x.ownership_id), array_agg(x.ownership_id), array_agg(x.to_dealer_id), array_agg(x.is_closing) into looked, last_id, ids, targets, closes from taken x;
    moved := 0;
    if looked = 0 then return; end if;
    -- the order of locks of every claim: people first, by number; then what is still so decides
    parties := array(select distinct o.party_id from core.ownership o where o.ownership_id = any (ids));
    perform 1 from core.party p where p.party_id = any (parties) order by p.party_id for no key update;
    perform core.right_await(parties);
    perform 1 from core.ownership o where o.ownership_id = any (ids) order by o.ownership_id for update;
    select array_agg(o.ownership_id) filter (where not x.is_closing), array_agg(x.to_dealer_id) filter (where not x.is_closing),
        array_agg(o.state) filter (where not x.is_closing), array_agg(o.ownership_id) filter (where x.is_closing)
    into ids, targets, states, closing
    from unnest(ids, targets, closes) x(ownership_id, to_dealer_id, is_closing) join core.ownership o on o.ownership_id = x.ownership_id
    where o.dealer_id = b.from_dealer_id
      and case when x.is_closing then o.state = 'OFFERED' else o.state in ('ACTIVE', 'CUSTOMER', 'GRACE') or (b.is_ceasing and o.state in ('HELD', 'PENDING')) end;
    perform core.batch_close(b, closing);
    perform core.clock_free(closing);                  -- R34: an offer that ends with its dealer frees the person for who waits
    if ids is null then return; end if;
    -- the list rows of both dealers are renewed by the statement that follows
    perform set_config('right.follows', 'on', true);
    perform core.batch_close(b, ids);
    perform set_config('right.follows', '', true);
    with follows as (
        update core.ownership o set ownership_id = nextval('core.ownership_ownership_id_seq'), public_id = gen_random_uuid(), dealer_id = m.to_id, seat_id = null,
            state = case m.state when 'PENDING' then 'ACTIVE' else m.state end, reason = null, lost = null, since = core.now(),
            free_from = case m.state when 'GRACE' then coalesce(h.free_from, core.now()) else 'infinity' end, manual_run = 0, prolonged_on = null,
            accept_until = null, contact_until = case when m.state = 'ACTIVE' and o.first_contact_at is null and h.contact_until is not null then
                core.working_until(m.to_id, core.now(), core.policy_int('P2.limit')) end,
            event = 'succeed', rule = 'R127', ver = 1, successor_of = m.id, changed_by = session.staff(),
            changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
        from unnest(ids, targets, states) m(id, to_id, state)
        left join lateral (select x.free_from, x.contact_until from core.ownership y join core.ownership_history x on x.party_id = y.party_id and x.brand_id = y.brand_id
            and x.line = y.line and x.ownership_id = m.id and x.ver = y.ver - 1 where y.ownership_id = m.id) h on true
        where o.ownership_id = m.id
        returning o.ownership_id, o.successor_of, o.dealer_id, o.party_id, o.brand_id, o.line),
    noted as (
        insert into core.transfer_batch_right (made_id, batch_id, old_id, to_dealer_id) select f.ownership_id, b.batch_id, f.successor_of, f.dealer_id from follows f),
    staged as (                                       -- R113: as far as the right it follows
        insert into core.right_stage (ownership_id, dealer_id, stage, reached_at) select f.ownership_id, f.dealer_id, s.stage, s.reached_at
        from follows f join core.right_stage s on s.ownership_id = f.successor_of on conflict (ownership_id) do nothing),
    served as (
        insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at)
        select f.party_id, b.from_dealer_id, f.brand_id, f.line, 'R127', 'right ' || f.successor_of, core.now(),
            core.term_end(b.from_dealer_id, core.now(), core.policy_int('R127.serve')) from follows f where not b.is_ceasing and b.from_dealer_id > 0
        on conflict do nothing)
    select array_agg(f.ownership_id), array_agg(f.party_id), array_agg(f.dealer_id) into made, parties, targets from follows f;
    moved := cardinality(made);
    perform core.claim_used(o) from core.ownership o where o.ownership_id = any (made)
        and exists (select from core.waiting_claim w where w.party_id = o.party_id and w.dealer_id = o.dealer_id);
    perform core.batch_follow(b, made, parties, targets, ids);
end $$;
comment on function core.batch_move(core.transfer_batch, int) is $$
Move the next rights of a batch's plan, all in this transaction: two statements close and succeed, and what follows a right goes with it.
A right that changed since the plan - signed, disputed, gone - stays where it is.
in: the batch, locked; so many rights at most    out: rights looked at, the last number, how many moved
guard: ownership_one_owner, right_log    cost: 0.6 ms of a processor a right (40,000: 25 s)    source: R127, R131$$;

create function core.batch_close(b core.transfer_batch, p_ids bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
    update core.ownership o set state = 'CLOSED', reason = case when b.is_ceasing then 'dealer_terminated' else 'transferred' end::core.close_reason,
        free_from = core.now(), accept_until = null, contact_until = null, event = case when b.is_ceasing then 'terminate' else 'transfer' end,
        rule = 'R131', ver = o.ver + 1, changed_by = session.staff(), changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.ownership_id = any (p_ids);
end $$;
comment on function core.batch_close(core.transfer_batch, bigint[]) is 'Close rights of a batch: the dealer ends, or they go to another. source: R18, R131';

create function core.batch_follow(b core.transfer_batch, p_made bigint[], p_parties bigint[], p_dealers int[], p_old bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
declare bare_parties bigint[]; bare_dealers int[]; done int;
begin
    update core.transfer t set state = 'WITHDRAWN', answered_at = core.now(), answer = 'R131' where t.ownership_id = any (p_old) and t.state = 'OFFERED';
    done := core.transfer_tasks(p_made);
    perform core.carve_follow(p_made);
    perform core.company_pass(u.p, b.from_dealer_id, u.d) from (select distinct v.p, v.d from unnest(p_parties, p_dealers) v(p, d) join core.company c on c.party_id = v.p) u;
    -- R130, R148: contacts go as far as consent does
    with pair as (select distinct u.p, u.d from unnest(p_parties, p_dealers) u(p, d) where u.d > 0),
    agreed as materialized (select x.p, array_agg(x.d) as d from pair x
        where exists (select from core.consent c where c.party_id = x.p and c.purpose = 'TRANSFER' and c.withdrawn_at is null) group by 1)
    update core.contact_point c set shared_ids = c.shared_ids || array(select d from unnest(a.d) d where d <> all (c.shared_ids) and d <> c.source_dealer_id)
    from agreed a where c.party_id = a.p and coalesce(c.source_dealer_id, 0) <> 0 and not (c.shared_ids || c.source_dealer_id) @> a.d;
    select array_agg(u.p), array_agg(u.d) into bare_parties, bare_dealers from (select distinct v.p, v.d from unnest(p_parties, p_dealers) v(p, d)) u
    where u.d > 0 and not core.is_covered(u.p, u.d);
    if bare_parties is not null then done := core.transfer_inform(bare_parties, bare_dealers); end if;
    if b.is_ceasing then                               -- whose review waits has no reviewer any more: the claim stands (R32)
        update core.review r set state = 'EXPIRED', decided_at = core.now() where r.ownership_id = any (p_old) and r.state = 'OPEN';
    end if;
end $$;
comment on function core.batch_follow(core.transfer_batch, bigint[], bigint[], int[], bigint[]) is
'What follows rights moved in bulk: tasks, contacts, the neutral message, offers that are void. source: R130, R132';

create function core.transfer_batch_approved(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare b core.transfer_batch; j core.job;
begin
    select x.* into b from core.transfer_batch x where x.public_id = p_subject for update;
    if b.state <> 'ASKED' then perform core.fail('ZC124', null, jsonb_build_object('state', b.state)); end if;
    j := core.job_add('transfer_batch', jsonb_build_object('batch', b.batch_id), 0, 'H', b.total);
    update core.job x set not_before = greatest(b.effective_at, core.now()) where x.job_id = j.job_id;
    update core.transfer_batch x set state = 'APPROVED', approval_id = p_approval, job_id = j.job_id where x.batch_id = b.batch_id;
end $$;
comment on function core.transfer_batch_approved(uuid, bigint) is 'A second person granted it: the job waits for its effective date. errors: ZC124. source: R131';

create function core.transfer_batch_refused(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile set search_path = '' as $$
begin
    update core.transfer_batch x set state = 'REFUSED', approval_id = p_approval where x.public_id = p_subject and x.state = 'ASKED';
end $$;
comment on function core.transfer_batch_refused(uuid, bigint) is 'The second person refused; nothing moves. source: R131';

create function core.job_step_transfer_batch(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare v_job core.job := core.job_claim(p_job); b core.transfer_batch; m record;
begin
    select x.* into b from core.transfer_batch x where x.batch_id = (v_job.spec ->> 'batch')::bigint for update;
    if b.state not in ('APPROVED', 'RUNNING') then is_done := true; done := b.moved + b.stayed; total := done; return; end if;
    if b.state = 'APPROVED' then
        -- the effective date: nobody routes to a dealer that ceases (R46), and its people have no more say
        if b.is_ceasing then update core.dealer d set is_active = false, version = d.version + 1 where d.dealer_id = b.from_dealer_id and d.dealer_id > 0; end if;
        update core.transfer_batch x set state = 'RUNNING', started_at = core.now() where x.batch_id = b.batch_id;
        done := core.batch_plan(b);
        perform core.ledger_add('transfer.batch_begin', b.public_id::text, null, 'R131', b.counts - 'targets' || jsonb_build_object('reason', b.reason));
    end if;
    select x.* into b from core.transfer_batch x where x.batch_id = b.batch_id;
    select x.* into m from core.batch_move(b, 500) x;
    b.moved := b.moved + m.moved;
    update core.transfer_batch x set cursor = coalesce(m.last_id, x.cursor), moved = b.moved where x.batch_id = b.batch_id;
    -- the plan is done: what came to the dealer since is planned too, until nothing comes
    is_done := m.looked < 500 and core.batch_plan(b) = 0;
    select x.stayed, x.total into b.stayed, b.total from core.transfer_batch x where x.batch_id = b.batch_id;
    done := b.moved + b.stayed; total := greatest(b.total, done);
    if is_done then
        update core.transfer_batch x set state = 'DONE', done_at = core.now(), total = b.moved + b.stayed where x.batch_id = b.batch_id;
        perform core.batch_done(b);
        total := done;
    end if;
end $$;
comment on function core.job_step_transfer_batch(bigint) is 'Move the next 500 rights of a granted batch; its place is written with them, so that no right moves twice and none is left. source: R131, R161';

create function core.batch_done(b core.transfer_batch) returns void
language plpgsql volatile set search_path = '' as $$
begin
    perform core.ledger_add('transfer.batch_end', b.public_id::text, null, 'R131', jsonb_build_object('moved', b.moved, 'stayed', b.stayed));
    perform core.transfer_tell(d.dealer_id, null, b.public_id::text, 'batch') from (
        select distinct r.to_dealer_id as dealer_id from core.transfer_batch_right r where r.batch_id = b.batch_id union select b.from_dealer_id) d;
    perform core.notify(b.asked_by, 'N10', b.public_id::text, 'batch');
    if b.is_ceasing then perform core.notify_role('router', 0, 'N10', b.public_id::text); end if;
end $$;
comment on function core.batch_done(core.transfer_batch) is 'The end of a batch: its ledger row, and notices to those it concerns. source: R131, N10';
