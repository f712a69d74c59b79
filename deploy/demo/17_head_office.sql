-- SPDX-License-Identifier: Apache-2.0
-- What waits on the desks of an ordinary day: offers of transfer, guests served, lists by event, activities to be asked about, what lost
-- reasons left, a planned stop. Runs the trade's own functions where there are some.

-- R126: managers offered a client to the other dealer of the city, or to the nearest that holds the line
do $$
declare o core.ownership; v_to int; n int := 0;
begin
    for o in select distinct on (x.dealer_id, x.state) x.* from core.ownership x where x.dealer_id > 0 and x.state in ('ACTIVE', 'CUSTOMER') and x.line in ('NEW', 'USED')
             order by x.dealer_id, x.state, x.ownership_id desc loop
        select b.dealer_id into v_to from core.dealer_brand b join core.dealer d on d.dealer_id = b.dealer_id
        where b.brand_id = o.brand_id and b.line = o.line and b.dealer_id not in (0, o.dealer_id) and d.is_active
        order by (b.dealer_id - o.dealer_id + 100) % 100 limit 1;
        continue when v_to is null;
        n := n + 1;
        perform core.transfer_offer(o, v_to, (array['owner_consent', 'territory'])[1 + n % 2]);
    end loop;
end $$;

-- R36, R37: an exhibition of the network, an open day and a cold list of some dealers
insert into core.event_list (dealer_id, kind, name, from_on, to_on) values
  (0, 'exhibition', 'Автосалон «Осень»', core.today() - 4, core.today() + 10);
insert into core.event_list (dealer_id, kind, name, from_on, to_on)
select d.dealer_id, k.kind, k.name, core.today() - 3, core.today() + 11
from core.dealer d cross join (values ('exhibition', 'День открытых дверей'), ('cold', 'Анкеты торгового центра')) k(kind, name) where d.dealer_id between 1 and 12;

-- R81: guests of another dealer's, served this week
insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at, told_name, typed, staff_id)
select o.party_id, x.dealer_id, o.brand_id, o.line, 'R81', 'W' || lpad(x.dealer_id::text, 4, '0') || '-' || o.party_id, core.now() - interval '1 hour' * (3 + x.dealer_id), core.now() + interval '6 days', p.given_name,
       jsonb_build_object('surname', p.surname, 'phone', (select c.value from core.contact_point c where c.party_id = p.party_id and c.kind = 'PHONE' and c.is_primary)), x.staff_id
from (select distinct on (s.dealer_id) s.dealer_id, s.staff_id from core.staff s where s.dealer_id > 0 and s.role = 'seller' and s.is_active order by s.dealer_id, s.staff_id) x
cross join lateral (select y.* from core.ownership y join core.dealer_brand b on b.dealer_id = x.dealer_id and b.brand_id = y.brand_id and b.line = y.line
    where y.state = 'CUSTOMER' and y.line = 'NEW' and y.dealer_id not in (0, x.dealer_id) order by y.ownership_id desc offset x.dealer_id limit 2) o
join core.party p on p.party_id = o.party_id where p.kind = 'PERSON'
on conflict do nothing;

-- R56: activities by hand that prolonged a right, drawn for a question to the client; some were asked already
insert into core.sample (interaction_id, party_id, dealer_id, staff_id, rights, before_at, state, decided_at, at)
select i.interaction_id, i.party_id, i.dealer_id, i.staff_id, array[o.ownership_id], array[o.protect_until - interval '3 days'],
       case i.n when 1 then 'TRUE' when 2 then 'UNREACHED' else 'OPEN' end, case when i.n < 3 then core.now() - interval '1 day' end, i.at + interval '1 hour'
from (select x.*, row_number() over (partition by x.dealer_id order by x.at desc) as n from core.interaction x
      where x.is_qualifying and x.is_manual and x.kind in ('CALL_OUT', 'VISIT', 'TEST_DRIVE', 'OFFER') and x.at > core.now() - interval '30 days') i
cross join lateral (select y.* from core.ownership y where y.party_id = i.party_id and y.dealer_id = i.dealer_id and y.state = 'ACTIVE' order by y.ownership_id limit 1) o
where i.n <= 4;

-- R57: what lost reasons left to head office
insert into core.follow_up (kind, party_id, dealer_id, ownership_id, brand_id, line, due_on)
select k.kind, o.party_id, o.dealer_id, o.ownership_id, o.brand_id, o.line, core.today() + o.n::int
from (select h.*, row_number() over (partition by h.lost order by h.ownership_id desc) as n from core.ownership h
      where h.state = 'CLOSED' and h.lost in ('bought_other_brand', 'wrong_contact', 'bought_in_network')) o
join (values ('bought_other_brand', 'recontact'), ('wrong_contact', 'contact_check'), ('bought_in_network', 'credit_check')) k(lost, kind) on k.lost = o.lost::text
where o.n <= 6 on conflict do nothing;

-- R17: the next stop, announced
insert into core.outage (from_at, until_at, is_planned, reason)
values (core.today() + 7 + time '02:00' at time zone 'Europe/Moscow', core.today() + 7 + time '04:00' at time zone 'Europe/Moscow', true, 'Замена дисков');

-- R147: people ask about their own data, each known by a paper
select core.privacy_ask(k.kind, o.party_id, 'desk', core.now() - k.ago, 'Заявление с подписью, паспорт показан')
from (values ('access', 1, interval '2 days'), ('correction', 2, interval '5 days'), ('erasure', 3, interval '1 day')) k(kind, n, ago)
join (select x.party_id, row_number() over (order by x.ownership_id) as n from core.ownership x join core.party p using (party_id)
      where x.state = 'CUSTOMER' and x.line = 'NEW' and x.dealer_id > 0 and p.kind = 'PERSON' order by x.ownership_id limit 3) o on o.n = k.n \g /dev/null

-- R22, R27: the whole base compared once, so that the steward has a desk; the server runs it as it starts
select core.job_add('match_scan', '{}', 0, 'H', 0) \g /dev/null
update core.job j set staff_id = s.staff_id, role = s.role from core.staff s where j.kind = 'match_scan' and s.role = 'steward';
