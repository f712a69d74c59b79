-- SPDX-License-Identifier: Apache-2.0
-- Property of R86 and R95 (R161): whatever is launched, sent, refused by the gateway, lost and waited for in whatever order, no two principals
-- touch one person within a lock and its cooling, and nobody gets more than his budget. Both are reckoned here from the touches alone.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select plan(6);
select test.at('2027-03-02 12:00');
select test.people(1, 12, 1);
select test.people(13, 18, 2);
create temp table odd (step int, what text);
create temp table done (what text, n int);
create function pg_temp.check(p_step int, p_what text) returns void language plpgsql as $$
begin
    insert into odd select p_step, p_what || ': R86, two principals within seven days: ' || x.party_id from core.touch x join core.campaign a on a.campaign_id = x.campaign_id
        join core.touch y on y.party_id = x.party_id and y.at > x.at and y.at < x.at + interval '7 days' and y.returned_at is null and y.grp = x.grp
        join core.campaign b on b.campaign_id = y.campaign_id and b.dealer_id <> a.dealer_id where x.returned_at is null;
    insert into odd select p_step, p_what || ': R95, ' || count(*) || ' letters in thirty days: ' || y.party_id from core.touch x
        join core.touch y on y.party_id = x.party_id and y.at > x.at - interval '30 days' and y.at <= x.at and y.returned_at is null
        where x.returned_at is null group by x.touch_id, y.party_id having count(*) > 4;
    insert into odd select p_step, p_what || ': R86, locks of two campaigns: ' || l.unit from core.campaign_lock l where l.state <> 'RELEASED' group by l.unit, l.grp having count(*) > 1;
    insert into odd select p_step, p_what || ': R93, sent without a lock: ' || r.party_id from core.recipient r join core.campaign k using (campaign_id)
        where r.state = 'SENT' and k.class >= 2 and not exists (select from core.touch t where t.campaign_id = r.campaign_id and t.party_id = r.party_id);
end $$;
select diag(test.dice());
do $$
declare n int; id uuid; who text; what text; was text := current_setting('clientele.clock_offset_s', true);
begin
    for n in 1 .. 3000 loop
        exit when n > 120 and (select count(distinct k.dealer_id) >= 2 and count(*) >= 40 and count(t.returned_at) > 0 from core.touch t join core.campaign k using (campaign_id))
            and exists (select from core.recipient where state = 'DROPPED' and reason = 'locked');      -- a short run may miss what is rare: it goes on
        what := (array['launch', 'launch', 'launch', 'send', 'send', 'send', 'fail', 'day', 'week', 'lose'])[1 + floor(random() * 10)];
        case what
        when 'launch' then
            who := (array['manager_a', 'manager_b', 'marketer'])[1 + floor(random() * 3)];
            begin
                id := test.campaign(who, 'К' || n, p_definition => case when random() < 0.4 then '{"and":[]}' else format('{"attr":"city","op":"in","value":["%s"]}', (array['Казань', 'Москва'])[1 + floor(random() * 2)]) end, p_more => ', p_lock_days => 7, p_ends_at => core.now() + interval ''20 days''');
                perform test.launch(who, id);
                insert into done values (who, n);
            exception when raise_exception then insert into done values ('nobody', n);       -- all are held: nobody is left to confirm
            end;
        when 'send' then insert into done select 'sent', test.send();
        when 'fail' then insert into done select 'failed', test.send('failed', '550');
        when 'day' then perform test.wait('1 day');
        when 'week' then perform test.wait('8 days');
        when 'lose' then perform test.move(x.i, 'lost', 'CLOSED', 'no_money') from (select i from generate_series(1, 18) i join core.ownership o on o.party_id = test.party(i)
                and o.state = 'ACTIVE' order by random() limit 1) x where random() < 0.2;
        else perform core.clock_rights();
        end case;
        perform core.lock_let_go(); perform core.lock_waiting(); perform core.campaign_clear(); perform core.campaign_finish();
        perform pg_temp.check(n, what);
    end loop;
end $$;
select is((select string_agg(distinct o.step || ' ' || o.what, E'\n') from odd o), null, 'R86, R93, R95, R161: after every step no person is between two principals, none beyond his budget');
select cmp_ok((select count(distinct k.dealer_id) from core.touch t join core.campaign k using (campaign_id)), '>=', 2::bigint, 'more than one principal spoke');
select cmp_ok((select count(*) from core.touch), '>=', 40::bigint, 'and more than a few times');
select cmp_ok((select count(*) from core.touch where returned_at is not null), '>', 0::bigint, 'some letters came back, and the budget with them (R95)');
select cmp_ok((select count(*) from core.recipient where state = 'DROPPED' and reason = 'locked'), '>', 0::bigint, 'some met another''s lock (R86)');
-- the reckoning finds what is wrong
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at)
select t.party_id, t.channel, (select k.campaign_id from core.campaign k where k.dealer_id <> c.dealer_id limit 1), t.dealer_id, t.class, t.grp, t.unit, gen_random_uuid(), t.at + interval '1 minute'
from core.touch t join core.campaign c using (campaign_id) where t.returned_at is null order by t.at desc limit 1;
select pg_temp.check(-1, 'planted');
select is((select count(distinct o.what) from odd o where step = -1 and o.what like '%R86, two%'), 1::bigint, 'a planted second principal is found');
select * from finish();
rollback;
