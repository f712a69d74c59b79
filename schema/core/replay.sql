-- SPDX-License-Identifier: Apache-2.0
-- What was, and what is, from the history alone (R3, R8, R161): the present rows rebuilt, compared, and the state as of any instant of
-- valid and of recorded time. And the promise that makes it worth anything: history and ledger are only ever added to.

create function core.append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
    raise exception using errcode = 'ZC011', message = 'refused', detail = jsonb_build_object('table', tg_table_name, 'event', lower(tg_op))::text;
end $$;
comment on function core.append_only() is 'Trigger: refuse to change, remove or empty what is only added to, whoever asks. source: R3, R8';

create trigger history_append_only before update or delete on core.ownership_history for each row execute function core.append_only();
create trigger history_no_truncate before truncate on core.ownership_history for each statement execute function core.append_only();
create trigger ledger_append_only before update or delete on core.ledger for each row execute function core.append_only();
create trigger ledger_no_truncate before truncate on core.ledger for each statement execute function core.append_only();

create function core.right_replay(p_at timestamptz default null, p_parties bigint[] default null) returns setof core.ownership
language sql stable security definer set search_path = '' set work_mem = '128MB' as $$
    select r.* from (
        -- recorded_at is taken after the lock of the row and never goes back, so the last version of a key is its present
        select distinct on (h.party_id, h.brand_id, h.line, h.vehicle_id) h.*
        from core.ownership_history h
        where (p_at is null or h.recorded_at <= p_at) and (p_parties is null or h.party_id = any (p_parties))
        order by h.party_id, h.brand_id, h.line, h.vehicle_id, h.recorded_at desc, h.ver desc, h.ownership_id desc) h
    cross join lateral jsonb_populate_record(null::core.ownership,
        to_jsonb(h) || jsonb_build_object('changed_at', h.recorded_at, 'changed_by', h.staff_id)) r
$$;
comment on function core.right_replay(timestamptz, bigint[]) is $$
The rows of core.ownership as they were recorded at an instant, rebuilt from core.ownership_history alone.
in: p_at default now; p_parties default all
out: core.ownership rows; interest, free text that never changes, is not in the history and NULL here
cost: 50 us a right    source: R3, R8, R161$$;

create function core.right_differences(p_parties bigint[] default null)
returns table (party_id bigint, brand_id smallint, line core.line, vehicle_id bigint, columns text[])
language sql stable security definer set search_path = '' set work_mem = '128MB' as $$
    select coalesce(o.party_id, r.party_id), coalesce(o.brand_id, r.brand_id), coalesce(o.line, r.line), coalesce(o.vehicle_id, r.vehicle_id),
        case when o.party_id is null then '{missing}' when r.party_id is null then '{unrecorded}'
            else array(select a.key from jsonb_each(to_jsonb(o) - 'interest') a where a.value is distinct from to_jsonb(r) -> a.key order by a.key) end
    from (select x.* from core.ownership x where p_parties is null or x.party_id = any (p_parties)) o
    full join core.right_replay(null, p_parties) r on r.party_id = o.party_id and r.brand_id = o.brand_id and r.line = o.line
        and coalesce(r.vehicle_id, 0) = coalesce(o.vehicle_id, 0)
    where o.party_id is null or r.party_id is null or to_jsonb(o) - 'interest' <> to_jsonb(r) - 'interest'
$$;
comment on function core.right_differences(bigint[]) is $$
Where the present differs from what the history rebuilds; nothing must come out.
out: the key and the columns that differ; missing - the history has a right that the table has not; unrecorded - the reverse
cost: 0.1 ms a right    source: R161$$;

create function core.right_as_of(p_valid timestamptz, p_recorded timestamptz default 'infinity', p_parties bigint[] default null)
returns setof core.ownership_history
language sql stable security definer set search_path = '' set work_mem = '128MB' as $$
    select distinct on (x.party_id, x.brand_id, x.line, x.vehicle_id) x.* from (
        -- of each right the latest version that was known then and holds then: a later correction wins (R3, R38)
        select distinct on (h.ownership_id) h.* from core.ownership_history h
        where h.valid_from <= p_valid and h.recorded_at <= p_recorded and (p_parties is null or h.party_id = any (p_parties))
        order by h.ownership_id, h.ver desc) x
    order by x.party_id, x.brand_id, x.line, x.vehicle_id, x.state = 'CLOSED', x.recorded_at desc, x.ver desc
$$;
comment on function core.right_as_of(timestamptz, timestamptz, bigint[]) is $$
Who held what at an instant of valid time, as the network knew it at an instant of recorded time.
in: p_valid; p_recorded default: as known today; p_parties default all
out: one version a key, of an open right before that of a closed one; a right that was void from the start is CLOSED from its start
source: R3, R38$$;
