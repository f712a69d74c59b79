-- SPDX-License-Identifier: Apache-2.0
-- Erasure of a person over the whole base (R149), the stop list, and the terms of retention (R150). The ledger keeps pseudonymous facts;
-- sums, dates and amounts of documents stay, because the business and the tax office need them, without anybody they are about.

create function core.stop_hash(p_kind text, p_value text) returns bytea
language sql stable as $$ select core.key_hash('stop:' || p_kind || ':' || p_value) $$;
comment on function core.stop_hash(text, text) is 'How a key of an erased person is remembered. in: kind and normalised value of a match key. source: R149';

create function core.is_stopped(p_keys core.party_key[]) returns boolean
language plpgsql stable as $$
declare k core.party_key;
begin
    foreach k in array coalesce(p_keys, '{}') loop
        if k.kind in ('PHONE', 'EMAIL', 'INN', 'DOCUMENT') and exists (
            select from core.stop_key s where s.key_hash = core.stop_hash(k.kind::text, k.value) and s.lifted_at is null) then
            return true;
        end if;
    end loop;
    return false;
end $$;
comment on function core.is_stopped(core.party_key[]) is $$
Whether one of these keys was an erased person's: then nothing is stored and the verdict is OPTED_OUT.
cost: a keyed hash and an index probe a key    source: R24, R149, S23$$;

create function core.person_erase(p_party bigint, p_request bigint, p_reason text) returns core.erasure
language plpgsql volatile security definer set search_path = '' as $$
declare p core.party; o core.ownership; e core.erasure; v_all bigint[]; t text; n int; v_rows jsonb := '{}'; v_files int;
begin
    select x.* into p from core.party x where x.party_id = p_party for update;
    if p.party_id is null or p.merged_into is not null then perform core.fail('ZC404'); end if;
    if p.erased_at is not null then perform core.fail('ZC147'); end if;
    -- R149 meets a duty: an order that runs, or a case that is judged, needs its person
    if exists (select from core.ownership x where x.party_id = p_party and x.state = 'HELD') then perform core.fail('ZC149', null, '{"state": "HELD"}'); end if;
    if exists (select from core.ownership x where x.party_id = p_party and x.state = 'DISPUTED') then perform core.fail('ZC149', null, '{"state": "DISPUTED"}'); end if;
    v_all := core.party_all(p_party);
    insert into core.erasure (party_id, person_id, request_id, reason, rows, staff_id, at)
    values (p_party, p.public_id, p_request, p_reason, '{}', session.staff(), core.now()) returning * into e;
    insert into core.stop_key (key_hash, erasure_id)
    select distinct core.stop_hash(k.kind::text, k.value), e.erasure_id from core.match_key k where k.party_id = any (v_all) and k.kind in ('PHONE', 'EMAIL', 'INN', 'DOCUMENT')
    on conflict (key_hash) do update set erasure_id = excluded.erasure_id, at = core.now(), lifted_at = null, lifted_by = null, evidence = null;
    for o in select x.* from core.ownership x where x.party_id = any (v_all) and x.state <> 'CLOSED' order by x.ownership_id for update loop
        perform core.right_close(o, 'erase', 'erased');
    end loop;
    perform core.campaign_withdraw(p_party, null, null);
    update core.consent c set withdrawn_at = core.now() where c.party_id = any (v_all) and c.withdrawn_at is null;
    update core.task x set state = 'CANCELLED', done_at = core.now(), version = x.version + 1 where x.party_id = any (v_all) and x.state = 'OPEN';
    update core.vehicle_owner x set to_on = greatest(x.from_on, core.now()::date) where x.party_id = any (v_all) and x.to_on is null;
    for o in select x.* from core.ownership x where x.party_id = any (v_all) and x.interest is not null order by x.ownership_id for update loop
        perform core.right_change(o, 'erase');       -- a right of the past loses what was typed about its interest; its terms stay
    end loop;
    with gone as (
        update core.evidence v set erased_at = core.now(), name = '', note = null from core.dispute_evidence x join core.dispute d on d.dispute_id = x.dispute_id
        where d.party_id = any (v_all) and v.evidence_id = x.evidence_id and v.erased_at is null returning v.sha256)
    insert into core.file_gone (sha256) select distinct g.sha256 from gone g where not exists (
        select from core.evidence y where y.sha256 = g.sha256 and y.erased_at is null) on conflict do nothing;
    insert into core.file_gone (sha256) select a.sha256 from core.attachment a where a.party_id = any (v_all) and not exists (
        select from core.attachment y where y.sha256 = a.sha256 and y.party_id <> all (v_all) and y.deleted_at is null) on conflict do nothing;
    get diagnostics v_files = row_count;
    update core.attachment a set deleted_at = coalesce(a.deleted_at, core.now()) where a.party_id = any (v_all);
    update core.import_row r set cells = '[]' from core.import_result x
    where x.party_id = any (v_all) and r.import_id = x.import_id and r.line_no = x.line_no;
    for t in select d.table_name from core.personal_data d order by 1 loop
        n := core.rows_forget(t, v_all);
        if n > 0 then v_rows := v_rows || jsonb_build_object(t, n); end if;
    end loop;
    -- merges: what was before is gone, so they stand for ever
    update core.merge g set before = '{}', undone_at = coalesce(g.undone_at, core.now()), reason = case when g.undone_at is null then 'erased' else g.reason end
    where g.survivor_id = any (v_all) or g.merged_id = any (v_all);
    delete from core.merge_row r using core.merge g where g.merge_id = r.merge_id and (g.survivor_id = any (v_all) or g.merged_id = any (v_all));
    delete from core.merge_right r using core.merge g where g.merge_id = r.merge_id and (g.survivor_id = any (v_all) or g.merged_id = any (v_all));
    delete from core.draft d where core.is_stopped(core.keys_of(d.dealer_id, d.data));      -- a week of drafts, no more
    update core.party x set name = 'Удалённый клиент', surname = null, given_name = null, patronymic = null, sex = null, born_on = null, inn = null,
        city = null, region = null, address = null, time_zone = null, household_id = null, abc = null, has_complaint = false, is_opted_out = true,
        is_pool = false, erased_at = core.now(), version = x.version + 1, updated_at = core.now()
    where x.party_id = any (v_all);
    perform session.forget(array(select x.public_id from core.party x where x.party_id = any (v_all)));
    perform core.merge_sums(v_all);
    update core.erasure x set rows = v_rows, files = v_files where x.erasure_id = e.erasure_id returning x.* into e;
    perform core.ledger_add('party.erase', p.public_id::text, p_party, 'R149', jsonb_build_object('reason', p_reason, 'files', v_files));
    return e;
end $$;
comment on function core.person_erase(bigint, bigint, text) is $$
Erase a person: rights close, personal data are deleted or emptied in every table, files go to the list of bytes to remove, keyed hashes go
to the stop list; amounts and dates of documents stay without their person.
in: party; request or NULL; reason request | retention    out: what was touched, counts only
errors: ZC404, ZC147 erased already, ZC149 an order or a dispute runs    source: R149$$;

create function core.erase_approved(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile as $$
declare r core.privacy_request;
begin
    select x.* into strict r from core.privacy_request x where x.public_id = p_subject for update;
    perform core.person_erase(r.party_id, r.request_id, 'request');
    perform core.privacy_close(r, 'DONE', null);
end $$;
comment on function core.erase_approved(uuid, bigint) is 'A second person granted an erasure: it happens. source: R149';

create function core.erase_refused(p_subject uuid) returns void
language sql volatile as $$
update core.privacy_request r set state = 'OPEN', version = r.version + 1 where r.public_id = p_subject and r.state = 'ASKED' $$;
comment on function core.erase_refused(uuid) is 'The second person did not grant the erasure: the request waits on.';

create function core.privacy_close(p_row core.privacy_request, p_state text, p_outcome text) returns core.privacy_request
language plpgsql volatile as $$
declare r core.privacy_request;
begin
    update core.privacy_request x set state = p_state, outcome = nullif(btrim(p_outcome), ''), decided_by = session.staff(), decided_at = core.now(), version = x.version + 1
    where x.request_id = p_row.request_id returning x.* into r;
    perform core.ledger_add('privacy.' || lower(p_state), r.public_id::text, r.party_id, 'R147', jsonb_build_object('kind', r.kind));
    return r;
end $$;
comment on function core.privacy_close(core.privacy_request, text, text) is 'End a request as done or refused. source: R147';

create function core.privacy_ask(p_kind text, p_party bigint, p_source text, p_received timestamptz, p_evidence text) returns core.privacy_request
language plpgsql volatile as $$
declare r core.privacy_request;
begin
    insert into core.privacy_request as x (kind, party_id, dealer_id, source, received_at, due_at, evidence, created_by)
    values (p_kind, p_party, coalesce(session.dealer(), 0), p_source, p_received, core.working_days_end(0, p_received, core.policy_int('R147.answer')),
            left(btrim(p_evidence), 400), session.staff())
    on conflict (party_id, kind) where state in ('OPEN', 'ASKED') do nothing returning x.* into r;
    if r.request_id is null then return null; end if;
    perform core.ledger_add('privacy.ask', r.public_id::text, p_party, 'R147', jsonb_build_object('kind', p_kind, 'source', p_source));
    perform core.notify_role('dpo', 0, 'N13', r.public_id::text);
    return r;
end $$;
comment on function core.privacy_ask(text, bigint, text, timestamptz, text) is $$
Begin a request of a person; the clock of ten working days runs from its receipt.
in: kind access | correction | withdrawal | erasure; source desk | dealer | withdrawal; how he was known to be himself
out: the request, NULL when one of the kind is open    source: R147$$;

create function core.retention_step(p_limit int default 50, p_look int default 10000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
    v_before timestamptz := core.now() - make_interval(months => core.policy_int('R150.retention'));
    v_at bigint := coalesce((select (m.detail ->> 'party')::bigint from core.clock_mark m where m.name = 'retention.people'), 0);
    v_to bigint; v_old bigint[];
begin
    -- a look through everybody would hold the clock for seconds: it goes round, so many people a turn
    select x.party_id into v_to from core.party x where x.party_id > v_at order by x.party_id offset p_look - 1 limit 1;
    v_old := array(
        -- prospects without a document, an open right or a qualifying activity in the term
        select p.party_id from core.party p
        where p.party_id > v_at and p.party_id <= coalesce(v_to, 9223372036854775807)
          and p.is_pool and p.erased_at is null and p.merged_into is null and p.created_at < v_before
          and not exists (select from core.ownership o where o.party_id = p.party_id and (o.state <> 'CLOSED' or o.changed_at >= v_before))
          and not exists (select from core.party_summary s where s.party_id = p.party_id)
          and not exists (select from core.interaction i where i.party_id = p.party_id and i.is_qualifying and i.at >= v_before)
          and not exists (select from core.consent c where c.party_id = p.party_id and c.withdrawn_at is null and c.given_at >= v_before)
        order by p.party_id limit p_limit);
    perform core.person_erase(x.id, null, 'retention') from unnest(v_old) x(id);
    v_at := case when cardinality(v_old) = p_limit then v_old[p_limit] else coalesce(v_to, 0) end;
    insert into core.clock_mark as m (name, at, detail) values ('retention.people', core.now(), jsonb_build_object('party', v_at))
    on conflict (name) do update set at = excluded.at, detail = excluded.detail;
    return cardinality(v_old);
end $$;
comment on function core.retention_step(int, int) is $$
Erase a batch of prospects whose term of retention is over: no right, no document, nothing two-sided and no newer consent.
in: at most so many; how many people to look at, from where the step before ended, round the whole base
out: how many    cost: the key of the people looked at: 10,000 a turn of 30 s are 28 million a day    source: R150$$;

create function core.retention_lists(p_limit int default 5000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare n int; undone int; v_import bigint; v_before timestamptz := core.now() - make_interval(days => core.policy_int('R150.lists'));
begin
    select i.import_id into v_import from core.import i where i.emptied_at is null and i.created_at < v_before order by i.created_at limit 1;
    if v_import is null then return 0; end if;
    with kept as (select r.line_no from core.import_row r where r.import_id = v_import and r.cells <> '[]' limit p_limit)
    update core.import_row r set cells = '[]' from kept k where r.import_id = v_import and r.line_no = k.line_no;
    get diagnostics n = row_count;
    if n = p_limit then return n; end if;
    with kept as (select r.line_no from core.import_result r where r.import_id = v_import and r.undo is not null limit p_limit)
    update core.import_result r set undo = null from kept k where r.import_id = v_import and r.line_no = k.line_no;
    get diagnostics undone = row_count;
    if undone = p_limit then return n + undone; end if;
    update core.import i set emptied_at = core.now() where i.import_id = v_import;
    insert into core.file_gone (sha256) select u.sha256 from core.import i join core.upload u on u.upload_id = i.upload_id where i.import_id = v_import
      and not exists (select from core.upload y where y.sha256 = u.sha256 and y.created_at >= v_before)
      and not exists (select from core.attachment a where a.sha256 = u.sha256 and a.deleted_at is null) on conflict do nothing;
    return n + 1;
end $$;
comment on function core.retention_lists(int) is 'Empty the rows of the oldest uploaded list whose term is over and give its file up; verdicts and line numbers stay. out: rows. source: R150';

create function core.retention_verdicts(p_limit int default 10000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare n int; v_before timestamptz := core.now() - make_interval(days => core.policy_int('R150.verdicts'));
begin
    delete from core.row_verdict v where v.at < v_before and v.verdict_id = any (array(
        select x.verdict_id from core.row_verdict x order by x.verdict_id limit p_limit));
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.retention_verdicts(int) is $$
Delete the oldest explanations of verdicts whose term is over. Numbers grow with time, so the oldest stand at the start of the key.
out: rows    cost: 10,000 rows a turn of 30 s are 28 million a day    source: R150, R125$$;

create function core.retention_notices(p_limit int default 10000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare n int; v_before timestamptz := core.now() - make_interval(days => core.policy_int('R150.notices'));
begin
    delete from core.notice v where v.at < v_before and v.notice_id = any (array(select x.notice_id from core.notice x order by x.notice_id limit p_limit));
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.retention_notices(int) is $$
Delete the oldest notices whose term is over: each names a person of the base by his public id. What they told of cannot happen again (R141).
out: rows    cost: as core.retention_verdicts    source: R150$$;

create function core.retention_tick() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare n int; v_files text[];
begin
    n := core.retention_step(20) + core.retention_lists() + core.retention_verdicts() + core.retention_notices();
    if not exists (select from core.job j where j.kind = 'files_purge' and j.state in ('QUEUED', 'RUNNING')) then
        v_files := array(select f.sha256 from core.file_gone f where f.gone_at is null order by f.at limit 500);
        if cardinality(v_files) > 0 then
            insert into core.job (kind, spec, staff_id, dealer_id, letter, not_before)
            values ('files_purge', jsonb_build_object('on', core.now(), 'files', to_jsonb(v_files)), null, 0, 'S', core.now());
        end if;
    end if;
    return n;
end $$;
comment on function core.retention_tick() is $$
One turn of the clock of retention: a batch of prospects, of old lists, explanations of verdicts and notices, and the job that takes files off the disk.
out: rows touched    source: R149, R150$$;

create function core.files_purged(p_job bigint) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare n int;
begin
    update core.file_gone f set gone_at = core.now() from core.job j
    where j.job_id = p_job and j.kind = 'files_purge' and f.gone_at is null and f.sha256 in (select jsonb_array_elements_text(j.spec -> 'files'));
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.files_purged(bigint) is 'The files of this job are off the disk. in: job_id    out: how many    source: R149';
