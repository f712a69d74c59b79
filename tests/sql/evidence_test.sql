-- SPDX-License-Identifier: Apache-2.0
-- Evidence (R101): hashed on upload, never replaced, never deleted, read by its own side.
begin;
\i tests/sql/fixture.sql
select plan(16);

create function test.evidence(p_login text, p_kind text, p_at timestamptz default core.now(), p_hash text default 'a') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.evidence_add(%L, %L, %L, %L, 10, ''application/pdf'')', p_kind, p_at, 'файл.pdf',
    encode(sha256(convert_to(p_hash, 'UTF8')), 'hex'))) $$;

select is(test.evidence('seller_a', 'order') -> 0 ->> 'sha256', encode(sha256('a'), 'hex'), 'an uploaded file carries its hash (R101)');
select is((test.evidence('seller_a', 'visit') -> 0 ->> 'weight')::int, 40, 'and the weight of its kind (R101)');
select is(test.call('seller_a', $$select * from api.evidence_note(core.now(), 'заметка', 'Клиент был у нас')$$) -> 0 ->> 'sha256',
    encode(sha256(convert_to('Клиент был у нас', 'UTF8')), 'hex'), 'a note is hashed as its text (R101)');
select is((select string_agg(kind, ' ' order by weight desc) from core.evidence_kind), 'choice order test_drive consent incoming visit offer email offline note', 'kinds stand in the order of R101');
select is(test.evidence('seller_a', 'note') ->> 'field', 'kind', 'a note has no file');
select is(test.evidence('seller_a', 'rumour') ->> 'field', 'kind', 'an unknown kind is refused');
select is(test.evidence('seller_a', 'visit', core.now() + interval '1 day') ->> 'field', 'happened_at', 'nothing has happened in the future');
select is(test.evidence('seller_a', 'visit', '-infinity') ->> 'field', 'happened_at', 'nor before the network');
select is(test.call('seller_a', $$select * from api.evidence_add('visit', core.now(), '../x', 'a', 10)$$) ->> 'field', 'name', 'a name is no path');
select throws_ok($$update core.evidence set sha256 = repeat('0', 64)$$, 'ZC101', null, 'no superuser replaces evidence (R101)');
select throws_ok($$delete from core.evidence$$, 'ZC101', null, 'nor deletes it (R101)');
select throws_ok($$truncate core.evidence cascade$$, 'ZC101', null, 'nor empties the table (R101)');
select lives_ok($$update core.evidence set name = '', note = null, erased_at = core.now() where kind = 'note'$$, 'an erasure empties name and note and keeps the hash (R149)');
select is(jsonb_array_length(test.call('manager_a', 'select * from api.evidence_list()')), 3, 'a manager lists the dealer''s evidence');
select is(jsonb_array_length(test.call('seller_a2', 'select * from api.evidence_list()')) + jsonb_array_length(test.call('manager_b', 'select * from api.evidence_list()')), 0, 'a colleague and another dealer none (R105)');
select is((select count(*) from core.ledger where kind = 'evidence.add' and detail ->> 'sha256' is not null), 3::bigint, 'every upload is in the ledger with its hash (R8)');
select * from finish();
rollback;
