-- SPDX-License-Identifier: Apache-2.0
-- What rows refer to stays, and no row refers to nobody: the promise of the foreign keys that tables/0073_bulk.sql and 0111_notice_parent.sql took
-- away.
begin;
\i tests/sql/fixture.sql
select plan(20);
select test.register('seller_a', 'Верная', '+79031110001');
create temp table was as select p.party_id, o.ownership_id, c.contact_id from core.party p join core.ownership o using (party_id) join core.contact_point c using (party_id)
    where p.surname = 'Верная';

select throws_ok('delete from core.party where party_id = (select party_id from was)', '23001', null, 'no person is deleted, by the superuser neither');
select throws_ok('delete from core.dealer where dealer_id = 1', '23001', null, 'no dealer');
select throws_ok('delete from core.brand where brand_id = 1', '23001', null, 'no brand');
select throws_ok('truncate core.party cascade', '23001', null, 'nor all at once');
select throws_ok('truncate core.dealer cascade', '23001', null, 'nor dealers');
select throws_ok('truncate core.brand cascade', '23001', null, 'nor brands');
select throws_ok('update core.dealer set dealer_id = 900 where dealer_id = 1', '23001', null, 'no dealer is numbered anew');
select throws_ok('update core.brand set brand_id = 900 where brand_id = 1', '23001', null, 'nor a brand');

create function pg_temp.right(p_party bigint, p_brand int, p_dealer int) returns void language sql as $$
insert into core.ownership (party_id, brand_id, line, dealer_id, state, since, registered_at, free_from, event, rule, changed_at)
values (p_party, p_brand, 'USED', p_dealer, 'OFFERED', core.now(), core.now(), 'infinity', 'offer', 'R40', core.now()) $$;
select throws_ok('select pg_temp.right(-1, 1, 1)', '23503', null, 'no right of nobody');
select throws_ok('select pg_temp.right((select party_id from was), 1, 900)', '23503', null, 'nor of a dealer that is none');
select throws_ok('select pg_temp.right((select party_id from was), 900, 1)', '23503', null, 'nor for a brand that is none');
select throws_ok('update core.ownership set dealer_id = 900 where ownership_id = (select ownership_id from was)', '23503', null, 'no right goes to a dealer that is none');
select throws_ok('update core.ownership set party_id = -1 where ownership_id = (select ownership_id from was)', '23503', null, 'nor to nobody');

select throws_ok($$insert into core.contact_point (party_id, kind, value, raw) values (-1, 'PHONE', '+79030000000', '1')$$, '23503', null, 'no contact of nobody');
select throws_ok($$insert into core.contact_point (party_id, kind, value, raw, source_dealer_id) select party_id, 'PHONE', '+79030000000', '1', 900 from was$$, '23503', null,
    'nor from a dealer that is none');
select throws_ok('update core.contact_point set party_id = -1 where contact_id = (select contact_id from was)', '23503', null, 'nor does one go to nobody');
select throws_ok('delete from core.staff where staff_id = test.staff(''seller_a'')', '23001', null, 'no member of staff is deleted');
select throws_ok('update core.staff set staff_id = default where staff_id = test.staff(''seller_a'')', '23001', null, 'nor numbered anew');
select throws_ok($$select core.notify(900000, 'N6', 'x')$$, '23503', null, 'nobody is told what is for nobody');
insert into core.notice (staff_id, kind, subject) values (test.staff('seller_a'), 'N6', 'y');
select throws_ok($$update core.notice set staff_id = test.staff('seller_a2') where subject = 'y'$$, '23001', null, 'a notice stays with whom it was for');
select * from finish();
rollback;
