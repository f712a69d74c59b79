-- SPDX-License-Identifier: Apache-2.0
-- A list whose job was cancelled or has failed is never left in the middle. R154, S23.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select plan(16);

insert into core.upload (dealer_id, staff_id, name, size_bytes, sha256) values (1, test.staff('manager_a'), 'list', 1, 'x');
insert into core.import (dealer_id, staff_id, upload_id, kind, brand_id, line, state, header, mapping, rows_total)
select 1, test.staff('manager_a'), upload_id, 'client', 1, 'NEW', 'MAPPED', '[]', '{"surname": 0, "phone": 1, "consent_evidence": 2}', 4 from core.upload;
insert into core.import_row (import_id, line_no, cells) select i.import_id, n, jsonb_build_array('Отменов', '+7903300000' || n, 'form') from core.import i, generate_series(2, 5) n;

create function pg_temp.list() returns core.import language sql as 'select * from core.import where dealer_id = 1';
create function pg_temp.ask(p_word text) returns jsonb language sql as $$
select test.call('manager_a', format('select * from api.import_%s(%L)', p_word, (pg_temp.list()).public_id)) $$;
create function pg_temp.cancel() returns jsonb language sql as $$
select test.call('manager_a', format('select state from api.job_cancel(%L)', (select public_id from core.job order by job_id desc limit 1))) $$;
create function pg_temp.some(p_rows int, p_is_trial boolean default false) returns int language plpgsql as $$
declare n int;
begin
    set local session authorization dealer;
    perform session.bind(convert_to('manager_a', 'UTF8'), 4095, 'test', 'w', null, 'test');
    set local session authorization default;
    n := core.import_rows_do(pg_temp.list(), p_rows, p_is_trial);
    perform set_config('clientele.identity', '', true);
    return n;
end $$;

select pg_temp.ask('check');
select is(pg_temp.some(3, true), 3, 'a dry run is on its way');
select is(pg_temp.cancel() -> 0 ->> 'state', 'CANCELLED', 'and cancelled');
select is((pg_temp.list()).state::text || (pg_temp.list()).rows_done || (pg_temp.list()).counts, 'MAPPED0{}', 'its verdicts are forgotten');

select pg_temp.ask('run');
select pg_temp.cancel();
select is((pg_temp.list()).state::text, 'MAPPED', 'a run cancelled before its first row can be asked for again');

select pg_temp.ask('run');
select is(pg_temp.some(2), 2, 'two of four rows came in');
select pg_temp.cancel();
select is((pg_temp.list()).state::text, 'DONE', 'a run cancelled in the middle is over, not RUNNING for ever');
select is((select count(*) from core.party where surname = 'Отменов'), 2::bigint, 'what came in stays');
select is((select jsonb_agg(e -> 'verdict') from jsonb_array_elements(test.call('manager_a', format('select line_no, verdict from api.import_rows_list(%L)', (pg_temp.list()).public_id))) e),
    '["created", "created", null, null]', 'the other lines have no verdict, and none of the dry run');
select is((select count(*) from core.ledger where kind = 'import.stopped'), 1::bigint, 'the ledger says that it was broken off');
select is(pg_temp.ask('run') ->> 'error', 'ZC153', 'it is not run twice');

select pg_temp.ask('undo');
select pg_temp.cancel();
select is((pg_temp.list()).state::text, 'DONE', 'an undo that was cancelled can be asked for again');
select pg_temp.ask('undo');
select test.work();
select is((pg_temp.list()).state::text, 'UNDONE', 'and takes all back');
select is((select count(*) from core.ownership o where o.state <> 'CLOSED'), 0::bigint, 'no right is left of it');

-- a job that fails, or whose runner died too often, does the same
update core.import i set state = 'RUNNING', rows_done = 0 where i.dealer_id = 1;
insert into core.job (kind, spec, staff_id, dealer_id, letter, role, state) select 'import_run', jsonb_build_object('import_id', i.import_id, 'helps', 1), i.staff_id, 1, 'D', 'manager', 'RUNNING' from core.import i;
update core.job j set state = 'FAILED' where j.state = 'RUNNING';
select is((pg_temp.list()).state::text, 'RUNNING', 'a helping connection that fails decides nothing');
insert into core.job (kind, spec, staff_id, dealer_id, letter, role, state) select 'import_run', jsonb_build_object('import_id', i.import_id), i.staff_id, 1, 'D', 'manager', 'RUNNING' from core.import i;
update core.job j set state = 'FAILED', error = '40001' where j.state = 'RUNNING';
select is((pg_temp.list()).state::text, 'MAPPED', 'a failed run of which nothing came in can be asked for again');
update core.import i set state = 'UPLOADED' where i.dealer_id = 1;
insert into core.job (kind, spec, staff_id, dealer_id, letter, role, state) select 'import_parse', jsonb_build_object('import_id', i.import_id), i.staff_id, 1, 'D', 'manager', 'RUNNING' from core.import i;
update core.job j set state = 'CANCELLED' where j.state = 'RUNNING';
select is((pg_temp.list()).state::text || ' ' || (pg_temp.list()).error, 'FAILED cancelled', 'a reading that was cancelled says so');
select * from finish();
rollback;
