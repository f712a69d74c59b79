-- SPDX-License-Identifier: Apache-2.0
-- Waiting claims (R15, R34): who waits is tried however the person became free, and no longer once he has him.
begin;
\i tests/sql/fixture.sql
select no_plan();
create function test.at(p_local text) returns void language sql as $$ select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;
create function test.right_of(p_surname text, p_line text default 'NEW') returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname and o.line = p_line::core.line limit 1 $$;
create function test.shows(p_surname text, p_line text default 'NEW') returns text language sql stable as $$ select o.state::text || o.dealer_id from test.right_of(p_surname, p_line) o $$;
create function test.claim(p_login text, p_surname text, p_phone text, p_line text default 'NEW') returns text language sql as $$
select test.call(p_login, format('select * from api.waiting_claim_add(1, %L, ''asked'', ''form'', p_phone => %L, p_surname => %L)', p_line, p_phone, p_surname)) -> 0 ->> 'verdict' $$;
create function test.waits(p_login text) returns int language sql as $$ select jsonb_array_length(test.call(p_login, 'select * from api.waiting_claims_list()')) $$;
create function test.lost(p_login text, p_surname text, p_line text default 'NEW', p_reason text default 'other') returns text language sql as $$
select test.call(p_login, format('select * from api.right_lost(%L, %L)', (test.right_of(p_surname, p_line)).public_id, p_reason)) -> 0 ->> 'state' $$;
create function test.hour() returns void language sql as $$ delete from core.clock_state where name = 'warnings'; select core.clock_warnings() $$;
create function test.batch(p_is_ceasing boolean) returns void language plpgsql as $$
begin
    perform test.call('router', format('select * from api.transfer_batch_add(%L, %L, %L, %L, ''shares'')', test.dealer(1),
        case when p_is_ceasing then 'dealer_terminated' else 'territory' end, p_is_ceasing, json_build_array(json_build_object('dealer_id', test.dealer(2), 'share', 1))));
    perform core.batch_plan(b) from core.transfer_batch b order by b.batch_id desc limit 1;
    perform core.batch_move(b, 500) from core.transfer_batch b order by b.batch_id desc limit 1;
end $$;
select test.at('2027-03-02 12:00');

-- in bulk: who is moved is not free, his new owner waits no longer
select test.register('seller_a', 'Оптов', '+79037790101');
select is(test.claim('seller_b', 'Оптов', '+79037790101') || test.claim('seller_c', 'Оптов', '+79037790101'), 'PROTECTEDPROTECTED', 'two dealers wait for a person');
select test.batch(false);
select is(test.shows('Оптов'), 'ACTIVE2', 'R131: a bulk transfer brings him to one of them');
select is(test.waits('seller_b') || ' ' || test.waits('seller_c'), '0 1', 'R34: who has him waits no longer, the other does');
select test.lost('seller_b', 'Оптов');
select is(test.shows('Оптов'), 'OFFERED3', 'R15: and is tried when he is lost, not the dealer who lost him');

-- an offer that ends with its dealer
select test.call('seller_c', format('select * from api.right_decline(%L, ''no'')', (test.right_of('Оптов')).public_id));
select test.register('seller_a', 'Концов', '+79037790103'); select test.lost('seller_a', 'Концов');
select core.right_offer((test.right_of('Концов')).party_id, 1, 1::smallint, 'NEW', 'site', 'F7');
select is(test.shows('Концов') || test.claim('seller_c', 'Концов', '+79037790103'), 'OFFERED1PROTECTED', 'a dealer waits for whom another is offered');
select test.batch(true);
select is(test.shows('Концов'), 'OFFERED3', 'R34: the offer ends with its dealer, and who waits is tried at once');
select is((select count(*) from core.notice n where n.kind = 'N12' and n.staff_id = test.staff('seller_c')), 2::bigint, 'N12: and told');

-- however he got him
select test.register('seller_d', 'Передалов', '+79037790104'); select test.claim('seller_b', 'Передалов', '+79037790104'); select test.claim('seller_c', 'Передалов', '+79037790104');
select core.right_succeed(test.right_of('Передалов'), 2, test.staff('seller_b'), 'transfer', 'transferred');
select is(test.waits('seller_b') || ' ' || test.waits('seller_c'), '0 1', 'R34: by transfer');
select test.register('seller_d', 'Поспешин', '+79037790105'); select test.claim('seller_b', 'Поспешин', '+79037790105');
select is(test.lost('seller_d', 'Поспешин', 'NEW', 'no_money'), 'CLOSED', 'a right that ended, free for others in ninety days'); select test.wait('91 days');
select is(test.register('seller_b', 'Поспешин', '+79037790105') -> 0 ->> 'state', 'ACTIVE', 'who waits registers before the hour strikes');
select is(test.waits('seller_b'), 0, 'R34: by registration');

-- free by date: the line comes before whoever registers in the hour before the clock comes by
select test.register('seller_d', 'Очередин', '+79037790108'); select test.claim('seller_c', 'Очередин', '+79037790108');
select test.lost('seller_d', 'Очередин', 'NEW', 'no_money');
select is(test.register('seller_d', 'Очередин', '+79037790108') -> 0 ->> 'state', 'ACTIVE', 'R57: who lost him may have him again before he is free for others');
select test.lost('seller_d', 'Очередин', 'NEW', 'no_money'); select test.wait('91 days');
select is(test.register('seller_b', 'Очередин', '+79037790108') -> 0 ->> 'verdict', 'PROTECTED', 'R15: who comes at that moment comes after who waits');
select is(test.shows('Очередин'), 'OFFERED3', 'R34: who waited is offered him');

-- an order in another line of the group (R33): free for this line alone is not free
select test.register('seller_d', 'Заказов', '+79037790106'); select test.register('seller_b', 'Заказов', '+79037790106', '', 1, 'USED');
select is(test.claim('seller_c', 'Заказов', '+79037790106', 'USED'), 'PROTECTED', 'a dealer waits for another line');
select test.call('seller_d', format($$select * from api.right_hold(%L, 'З-1')$$, (test.right_of('Заказов')).public_id));
select is(test.lost('seller_b', 'Заказов', 'USED'), 'CLOSED', 'which is lost');
select is(test.shows('Заказов', 'USED') || test.waits('seller_c'), 'CLOSED22', 'R33: while an order of another dealer holds him nobody is offered the other line; who waits goes on waiting');
select test.call('seller_d', format($$select * from api.right_cancel_order(%L, 'bank refused')$$, (test.right_of('Заказов')).public_id));
select test.hour();
select is(test.shows('Заказов', 'USED'), 'OFFERED3', 'R34: the order is called off, and within the hour the clock tries him');
select test.register('seller_d', 'Держанов', '+79037790107');
select test.call('seller_d', format($$select * from api.right_hold(%L, 'З-2')$$, (test.right_of('Держанов')).public_id));
select is(test.claim('seller_c', 'Держанов', '+79037790107', 'USED'), 'PROTECTED', 'R33: a line nobody ever had is barred by the order too');
select test.hour();
select is((select count(*) from core.ownership o join core.party p using (party_id) where p.surname = 'Держанов' and o.line = 'USED'), 0::bigint, 'R33: while it is');
select test.call('seller_d', format($$select * from api.right_cancel_order(%L, 'bank refused')$$, (test.right_of('Держанов')).public_id));
select test.hour();
select is(test.shows('Держанов', 'USED'), 'OFFERED3', 'R34: and then who waits is offered it');
select is((select count(*) from core.right_differences()), 0::bigint, 'R161: the history says the same');
select * from finish();
rollback;
