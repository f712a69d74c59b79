-- SPDX-License-Identifier: Apache-2.0
-- What a dealer's own system may do over mutual TLS: push rows exactly once, pull its own tasks and calls, ask where it stands.

-- Rows this dealer may still push today (its own day, R36).
create function core.push_quota_left(p_dealer int) returns int language sql stable as $$
select core.policy_int('R36.push_day') - count(*)::int from core.exchange_row x join core.dealer d on d.dealer_id = x.dealer_id
where x.dealer_id = p_dealer and x.at >= date_trunc('day', core.now() at time zone d.time_zone) at time zone d.time_zone $$;
comment on function core.push_quota_left(int) is 'Rows left of the daily quota of a dealer''s system. rule: R36.';

create function core.exchange_one(p_dealer int, p_staff bigint, p_source text, p_seq bigint, p_kind text, p_data jsonb,
    p_at text default null)
returns core.exchange_row language plpgsql set search_path = '' as $$
declare x core.intake_result; r core.exchange_row; v_dispute uuid;
    v_data jsonb := core.documents_hide(p_data);       -- before anything is stored, a hash of the row too (R20)
    v_hash text := encode(sha256(convert_to(p_kind || '|' || v_data::text, 'UTF8')), 'hex');
begin
    select * into r from core.exchange_row e where e.dealer_id = p_dealer and e.source = p_source and e.seq = p_seq;
    if r.seq is not null then
        if r.sha256 <> v_hash then r.verdict := 'error'; r.code := 'ZC155'; r.receipt := null; r.detail := '{}'; end if;
        return r;                                                  -- R153: a repeat is acknowledged without effect
    end if;
    x := core.intake_row(p_dealer, p_staff, p_kind, v_data, 'dealer-system');
    if p_at is not null and p_kind in ('client', 'lead') then v_dispute := core.offline_dispute(p_dealer, p_staff, p_source, p_seq, v_hash, p_at, x); end if;
    -- a registration has its own receipt (R31); every other row gets one that names the row and what was answered
    x.receipt := coalesce(x.receipt, 'E-' || upper(left(encode(sha256(convert_to(
        concat_ws('|', p_dealer, p_source, p_seq, v_hash, x.verdict), 'UTF8')), 'hex'), 16)));
    insert into core.exchange_row (dealer_id, source, seq, kind, sha256, verdict, code, receipt, party_id, detail)
    values (p_dealer, p_source, p_seq, left(p_kind, 40), v_hash, x.verdict, x.code, x.receipt, x.party_id,
        jsonb_strip_nulls(jsonb_build_object('rule', x.rule, 'field', x.field, 'dispute', v_dispute, 'area', x.area))) returning * into r;
    perform core.row_verdict_add('exchange', p_dealer, p_staff, p_source, p_seq, p_kind, x.verdict, x.code, x.rule, x.field, x.receipt, x.party_id, x.decided_by);
    return r;
end $$;
comment on function core.exchange_one(int, bigint, text, bigint, text, jsonb, text) is $$
Take one message of a dealer's system, or acknowledge its repeat; the same number with other content is an error of that row.
in: at - the local time of the record (R156)    out: the stored message with its verdict    rule: R153 $$;

create function api.exchange_push(p_source core.search_text, p_rows json) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int := session.dealer(); v_new int; v_left int; v_items json; r record; e core.exchange_row; v_out json[] := '{}';
begin
    if json_typeof(p_rows) <> 'array' or json_array_length(p_rows) > 200 then
        perform core.fail('ZC402', 'rows', jsonb_build_object('limit', 200));
    end if;
    for r in select value, ordinality from json_array_elements(p_rows) with ordinality loop
        if json_typeof(r.value) <> 'object' or coalesce(r.value ->> 'seq', '') !~ '^[0-9]{1,18}$'
           or json_typeof(r.value -> 'data') is distinct from 'object' or coalesce(r.value ->> 'kind', '') = '' then
            perform core.fail('ZC402', 'rows', jsonb_build_object('at', r.ordinality));
        end if;
    end loop;
    -- one stream per dealer and source: two pushes of the same spool at once wait for each other
    perform pg_advisory_xact_lock(hashtextextended('exchange ' || v_dealer || ' ' || p_source, 0));
    select count(*) into v_new from json_array_elements(p_rows) q where not exists (
        select from core.exchange_row x where x.dealer_id = v_dealer and x.source = p_source and x.seq = (q ->> 'seq')::bigint);
    v_left := core.push_quota_left(v_dealer) - v_new;
    if v_left < 0 then perform core.fail('ZC036', null, jsonb_build_object('quota_left', v_left + v_new)); end if;
    perform core.keys_lock(v_dealer, (select coalesce(jsonb_agg(core.documents_hide((q -> 'data')::jsonb)), '[]') from json_array_elements(p_rows) q));
    for r in select (q ->> 'seq')::bigint as seq, q ->> 'kind' as kind, (q -> 'data')::jsonb as data, q ->> 'at' as at
             from json_array_elements(p_rows) with ordinality o(q, n) order by o.n loop
        e := core.exchange_one(v_dealer, session.staff(), p_source, r.seq, r.kind, r.data, r.at);
        v_out := v_out || json_strip_nulls(json_build_object('seq', r.seq, 'verdict', e.verdict, 'code', e.code,
            'receipt', e.receipt, 'rule', e.detail ->> 'rule', 'field', e.detail ->> 'field', 'dispute', e.detail ->> 'dispute', 'area', e.detail ->> 'area'));
    end loop;
    perform core.link_note(v_dealer);                  -- the last, so that two spools wait for each other no longer than that
    perform core.ledger_add('exchange.push', p_source, null, 'R153', jsonb_build_object('rows', json_array_length(p_rows), 'new', v_new));
    return json_build_object('items', array_to_json(v_out), 'quota_left', v_left);
end $$;
comment on function api.exchange_push is $$
Push rows of a dealer's own system, in order, exactly once by (dealer, source, seq).
in: source - the spool's id; rows - at most 200 of {seq, kind: client vehicle repair_order sale, at, data: {...}}, at is
    the local time of the record, with zone; a client's
    passport and licence numbers (passport_series, licence_series where told apart) are matched by and never kept (R20)
out: items - a verdict a row (code, receipt, rule and field where they apply; dispute when a refused registration was made while the line was down, R156; area - whose territory a client that was registered lives in, R32; never another dealer's data, R155); quota_left today
errors: push-quota (whole batch, nothing stored), bad-field (info.at names the row that is no message)
cost: 2-5 ms a row    rule: R36, R153-R157 $$;

create type api.exchange_task as (id uuid, kind text, title text, due_at timestamptz, state core.task_state, seat_name text,
    person_id uuid, external_id text, cursor_ text);

create function api.exchange_tasks(p_limit int default null, p_after text default null)
returns setof api.exchange_task language sql stable security definer set search_path = '' as $$
select t.public_id, t.kind, t.title, t.due_at, t.state, s.name, case when core.level_for(t.party_id) >= 'MASKED' then p.public_id end,
       (select split_part(k.value, ':', 2) from core.match_key k where k.party_id = t.party_id and k.kind = 'SOURCE'
        and k.value ^@ (t.dealer_id || ':') limit 1),
       t.due_at || '|' || t.task_id
from core.task t left join core.staff s on s.staff_id = t.seat_id left join core.party p on p.party_id = t.party_id
where t.dealer_id = session.dealer() and t.state = 'OPEN'
  and (t.due_at, t.task_id) > (coalesce(nullif(split_part(p_after, '|', 1), '')::timestamptz, '-infinity'),
                               coalesce(nullif(split_part(p_after, '|', 2), '')::bigint, 0))
order by t.due_at, t.task_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.exchange_tasks is 'The open tasks of the calling dealer for its own system, with the number it calls the client by. rule: R155.';

create type api.exchange_call as (campaign text, call_id uuid, person_id uuid, external_id text, name text, attempts int,
    next_at timestamptz, cursor_ text);

create function api.exchange_calls(p_limit int default null, p_after text default null)
returns setof api.exchange_call language sql stable security definer set search_path = '' as $$
select g.name, c.public_id, d.public_id,
       (select split_part(k.value, ':', 2) from core.match_key k where k.party_id = c.party_id and k.kind = 'SOURCE'
        and k.value ^@ (c.dealer_id || ':') limit 1),
       d.name, c.attempts, c.next_at, c.call_id::text
from core.call_item c join core.campaign g on g.campaign_id = c.campaign_id
join core.dealer_party d on d.dealer_id = c.dealer_id and d.party_id = c.party_id
where c.dealer_id = session.dealer() and c.state = 'queued' and g.state = 'RUNNING' and core.level_for(c.party_id) >= 'MASKED'
  and c.call_id > coalesce(nullif(p_after, '')::bigint, 0)
order by c.call_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.exchange_calls is $$
The waiting calls of the calling dealer. Without telephone numbers: a number is given by the call screen with its send token (R93).
out: client by both names, attempts so far, when next $$;

create function api.exchange_status() returns json language sql stable security definer set search_path = '' as $$
select json_build_object('dealer', d.name, 'quota_left', core.push_quota_left(d.dealer_id),
    'accepted_today', (select count(*) from core.exchange_row x where x.dealer_id = d.dealer_id
        and x.at >= date_trunc('day', core.now() at time zone d.time_zone) at time zone d.time_zone),
    'last_seq_by_source', (select coalesce(json_object_agg(s.source, s.seq), '{}') from (
        select x.source, max(x.seq) as seq from core.exchange_row x where x.dealer_id = d.dealer_id group by x.source) s))
from core.dealer d where d.dealer_id = session.dealer() $$;
comment on function api.exchange_status is 'Where a dealer''s system stands: quota left, rows accepted today, the last number of each spool.';
