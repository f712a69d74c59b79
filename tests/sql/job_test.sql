-- SPDX-License-Identifier: Apache-2.0
-- Jobs: leases, steps, failures, cancelling; the clock and its night.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
select test.people(1, 3, 1);
create temp table c on commit drop as select test.campaign('manager_a', 'К') as id;
create temp table j on commit drop as select (test.call('manager_a', format('select * from api.campaign_check(%L)', (select id from c))) -> 0 ->> 'job_id')::uuid as id;
select is(test.call('manager_a', format('select state from api.job_get(%L)', (select id from j))) -> 0 ->> 'state', 'QUEUED', 'an order waits');
select is(test.call('manager_b', format('select * from api.job_get(%L)', (select id from j))) -> 0 ->> 'id', null, 'another dealer does not see it');
select is(test.call('seller_a', 'select * from api.jobs_list()'), '[]', 'nor does a colleague who did not order it');
create temp table l on commit drop as select * from session.job_lease('node', 5);
select is((select count(*) from l where letter = 'D' and kind = 'campaign_check' and length(lease) = 32), 1::bigint, 'leased once, for the lane of its class');
select is((select count(*) from session.job_lease('other', 5)), 0::bigint, 'not twice');
select is(test.call('manager_a', format('select * from core.job_step(%s)', (select job_id from l))) ->> 'error', 'ZC403', 'the one who ordered cannot step it himself');
select test.wait('61 seconds');
create temp table l2 on commit drop as select * from session.job_lease('other', 5);
select is((select count(*) from l2), 1::bigint, 'after a minute of silence another runner has it');
select is(session.job_progress((select job_id from l), (select lease from l), 1, 2), 'LOST', 'the first one has lost it');
select is(session.job_end((select job_id from l), (select lease from l), true, null, null), false, 'and ends nothing');
select is(session.job_progress((select job_id from l2), (select lease from l2), 1, 2), 'RUNNING', 'the second one goes on');
select session.job_release((select job_id from l2), (select lease from l2));
select is((select state::text from core.job where public_id = (select id from j)), 'QUEUED', 'given back at once when the runner ends');
select test.work();
select is(test.call('manager_a', format('select state, done, total, result from api.job_get(%L)', (select id from j))) -> 0, '{"done": 3, "state": "DONE", "total": 3, "result": {"total": 3, "reasons": {}, "will_get": 3}}', 'done, with its result');
select is((select count(*) > 0 from core.event where kind = 'job' and staff_id = test.staff('manager_a') and payload ->> 'state' = 'DONE'), true, 'and told');
select is(test.call('manager_a', format('select * from api.job_cancel(%L)', (select id from j))) ->> 'error', 'ZC170', 'what has ended cannot be cancelled');

-- a step that fails ends the job with its code, and leaves nothing behind
select test.call('manager_a', format('select * from api.campaign_check(%L)', (select id from c)));
select test.call('manager_a', format('select * from api.campaign_edit(%L, 1, p_name => ''Другая'')', (select id from c)));
select test.work();
select is((select state || ' ' || error from core.job order by job_id desc limit 1), 'FAILED ZC412', 'the campaign was edited meanwhile: the check fails and says so');
select is((select count(*) from core.campaign_address), 0::bigint, 'nothing is left behind');

-- cancelling a launch frees its locks
select test.check('manager_a', (select id from c));
select test.call('manager_a', format('select * from api.campaign_launch(%L, 3)', (select id from c)));
select is(test.call('manager_a', format('select * from api.job_cancel(%L)', (select public_id from core.job order by job_id desc limit 1))) -> 0 ->> 'state', 'CANCELLED', 'a launch is cancelled');
select is((select state::text from core.campaign where public_id = (select id from c)), 'STOPPED', 'its campaign is stopped');
select core.campaign_clear();
select is((select count(*) from core.campaign_lock where state <> 'RELEASED'), 0::bigint, 'and holds nobody');

-- the clock
select is((select array_agg(x order by x) from unnest(test.round()) x), (select array_agg(p.name order by p.name) from core.clock_parts() p), 'in the first round of the clock each part has its turn');
select is((select string_agg(name || detail::text, ', ') from core.clock_mark where name ^@ 'error.'), null, 'no part of it failed');
select is((select string_agg(kind, ' ' order by kind) from core.job where staff_id is null), 'nightly_abc nightly_kpi', 'the night''s jobs are ordered once');
select test.round();
select is((select count(*) from core.job where staff_id is null), 2::bigint, 'not twice');
select test.work();
select is((select string_agg(distinct state::text, ' ') from core.job where staff_id is null), 'DONE', 'they are done by the system lane, as nobody''s order');
insert into core.draft (dealer_id, source, data, missing, created_at) values (1, 'test', '{}', '{name}', core.now() - interval '8 days');
select test.wait('2 minutes');
select test.round();
select is((select count(*) from core.draft), 0::bigint, 'R30: a draft lives seven days');

-- R159: a long run of expiries is the work of two jobs, each for half of the people
set local session_replication_role = replica;
update core.ownership set protect_until = core.now() - interval '1 hour' where state in ('ACTIVE', 'CUSTOMER');
set local session_replication_role = origin;
create temp table due on commit drop as select ownership_id, party_id from core.ownership where state in ('ACTIVE', 'CUSTOMER');
create function test.ended() returns text language sql as $$
select format('%s of %s odd, %s even', count(*) filter (where o.state = 'GRACE' and d.party_id % 2 = 1), count(*) filter (where d.party_id % 2 = 1),
    count(*) filter (where o.state = 'GRACE' and d.party_id % 2 = 0)) from due d join core.ownership o using (ownership_id) $$;
select core.clock_rights(1, '0'); select core.clock_rights(1, '0');
select is((select array_agg(j.spec ->> 'half' order by j.spec ->> 'half') from core.job j where j.kind = 'expiry'), '{0,1}', 'R159: a turn that leaves some orders a job for each half, once');
delete from core.job where kind = 'expiry';
drop table due; create temp table due on commit drop as select ownership_id, party_id from core.ownership where state in ('ACTIVE', 'CUSTOMER');
create temp table odd on commit drop as select count(*) filter (where party_id % 2 = 1) as n from due;
insert into core.job (kind, spec, dealer_id, letter) values ('expiry', '{"half": 1}', 0, 'S');
create temp table leased on commit drop as select * from session.job_lease('test', 1);
grant select on leased to system;
create function test.step() returns boolean language plpgsql as $$
declare d boolean;
begin
    set local session authorization system;
    perform session.bind_job(j.job_id, j.lease) from pg_temp.leased j;
    select s.is_done into d from pg_temp.leased j, core.job_step(j.job_id) s;
    set local session authorization default;
    perform set_config('clientele.identity', '', true);
    return d;
end $$;
select is(core.clock_halves(), '{0}', 'R159: while a job does the odd people the clock does the even ones');
update core.clock_state set real_at = clock_timestamp() - interval '2 minutes' where name = 'rights';
select is(test.step() || ' ' || test.ended(), format('false 0 of %s odd, 0 even', (select n from odd)), 'R17: nothing ends while the clock has not looked how long it was away');
update core.clock_state set real_at = clock_timestamp() where name = 'rights';
select is(test.step() || ' ' || test.ended(), format('true %s of %1$s odd, 0 even', (select n from odd)), 'R159: the job ends the rights of its half');
select is(core.clock_halves(), '{0,1}', 'R159: then all are the clock''s again');
select core.clock_rights();
select is((select count(*) from due d join core.ownership o using (ownership_id) where o.state <> 'GRACE'), 0::bigint, 'R14: and none is left');

-- ABC classes 75 / 20 / 5 (A000-12)
insert into core.party_summary (party_id, dealer_id, sale_count, sale_kopecks) values (test.party(1), 1, 1, 75), (test.party(2), 1, 1, 20), (test.party(3), 1, 1, 5);
select core.abc_recompute();
select is((select string_agg(abc::text, '' order by party_id) from core.party where party_id in (test.party(1), test.party(2), test.party(3))), 'ABC', 'A000-12: the running share stays within 75 and 95');
update core.party_summary set sale_kopecks = 76 where party_id = test.party(1);
select core.abc_recompute();
select is((select string_agg(abc::text, '' order by party_id) from core.party where party_id in (test.party(1), test.party(2), test.party(3))), 'BCC', 'A000-12: who crosses the line belongs to the next class');
-- page by page it is what one statement over everybody says, also where a line divides equal turnovers
select diag(test.dice());
select test.people(50, 80, 1);
create view test.abc_of as
    select p.abc, case when k.kopecks <= 0 then null when sum(k.kopecks) over (order by k.kopecks desc, p.party_id rows unbounded preceding) * 100 <= sum(k.kopecks) over () * 75 then 'A'
        when sum(k.kopecks) over (order by k.kopecks desc, p.party_id rows unbounded preceding) * 100 <= sum(k.kopecks) over () * 95 then 'B' else 'C' end::core.abc as wanted
    from core.party p cross join lateral (select coalesce((select t.sale_kopecks + t.order_kopecks from core.party_total t where t.party_id = p.party_id), 0)::numeric as kopecks) k;
create function test.abc_wrong() returns bigint language sql as $$ select count(*) from test.abc_of x where x.abc is distinct from x.wanted $$;
create function test.abc_wanted() returns text language sql as $$ select string_agg(distinct x.wanted::text, '' order by x.wanted::text) from test.abc_of x $$;
do $$
begin   -- until all three classes are wanted: where one turnover has most of all, there is no A
    for turn in 1 .. 200 loop
        delete from core.party_summary where dealer_id = 2;
        insert into core.party_summary (party_id, dealer_id, sale_count, sale_kopecks)
        select p.party_id, 2, 1, (array[0, 7, 7, 7, 100, 100, 1000, 5000])[1 + floor(random() * 8)] from core.party p;
        exit when test.abc_wanted() = 'ABC' and test.abc_wrong() > 0;
    end loop;
end $$;
select is(test.abc_wrong() > 0, true, 'the classes are of yesterday');
update core.job set state = 'QUEUED', spec = '{"on": "again"}', not_before = core.now() where kind = 'nightly_abc';
select test.work();
select is((select state::text from core.job where kind = 'nightly_abc'), 'DONE', 'A000-12: the night works them out, a page a step');
select is(test.abc_wrong(), 0::bigint, 'A000-12: and they are those of one look at everybody');
select is((select count(distinct abc) from core.party where abc is not null), 3::bigint, 'A000-12: all three are there');
delete from core.party_summary where party_id = test.party(2);
select is((select count(*) from core.party_total where party_id = test.party(2)), 0::bigint, 'totals follow deleted sums');
select * from finish();
rollback;
