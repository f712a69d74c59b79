-- SPDX-License-Identifier: Apache-2.0
-- Keys that were stored wrongly once, because the way of normalising was not yet what it is: made again from what was typed (R20).
--
-- The clock goes through the base, some thousand people a turn, when core.key_version() is newer than core.rekey says. A turn moves its
-- position in the transaction that repairs, so it can be killed at any moment, and a second round finds nothing.

create function core.key_version() returns int language sql immutable as $$ select 2 $$;
comment on function core.key_version() is $$
The number of the way in which server/match normalises. Raise it with a change that gives anything another key: the base then follows.
2: foreign numbers dialled with 8~10 and 810$$;

create type core.rekey_row as (contact_id bigint, vehicle_id bigint, party_id bigint, kind core.key_kind, old_value text, new_value text);

create function core.rekey_found(p_after bigint, p_last bigint) returns core.rekey_row[]
language plpgsql stable as $$
begin
    return array(
        select row(c.contact_id, null, c.party_id, c.kind::text::core.key_kind, c.value, n.value)::core.rekey_row
        from core.contact_point c left join core.dealer d on d.dealer_id = c.source_dealer_id
        cross join lateral (select case c.kind when 'EMAIL' then core.email_norm(c.raw) when 'PHONE' then coalesce(core.phone_norm(c.raw, null),
            -- local digits stay what they were completed to: their dealer's code may be another today
            case when right(c.value, length(regexp_replace(c.raw, '\D', '', 'g'))) <> regexp_replace(c.raw, '\D', '', 'g') then core.phone_norm(c.raw, d.area_code) end) end as value) n
        where c.party_id > p_after and c.party_id <= p_last and c.kind in ('PHONE', 'EMAIL') and n.value <> c.value
        union all
        select row(null, v.vehicle_id, o.party_id, 'PLATE', v.plate, core.plate_norm(v.plate_raw))::core.rekey_row
        from core.vehicle_owner o join core.vehicle v on v.vehicle_id = o.vehicle_id
        where o.party_id > p_after and o.party_id <= p_last and o.to_on is null and core.plate_norm(v.plate_raw) <> v.plate);
end $$;
comment on function core.rekey_found(bigint, bigint) is $$
Telephones, addresses and plates of a range of people whose key is another today. What cannot be read today stays as it is.
cost: a few microseconds a contact$$;

create function core.rekey_one(r core.rekey_row) returns void
language plpgsql volatile as $$
begin
    if r.vehicle_id is not null then
        update core.vehicle v set plate = r.new_value, version = v.version + 1 where v.vehicle_id = r.vehicle_id and v.plate = r.old_value;
    elsif exists (select from core.contact_point c where c.party_id = r.party_id and c.kind::text = r.kind::text and c.value = r.new_value) then
        -- he has the right one as well: the wrong one reaches nobody
        update core.contact_point c set is_valid = false, is_primary = false, version = c.version + 1 where c.contact_id = r.contact_id;
        update core.contact_point c set is_primary = true, version = c.version + 1 where c.party_id = r.party_id and c.kind::text = r.kind::text and c.value = r.new_value
            and not c.is_primary and not exists (select from core.contact_point x where x.party_id = r.party_id and x.kind = c.kind and x.is_primary);
    else
        update core.contact_point c set value = r.new_value, version = c.version + 1 where c.contact_id = r.contact_id and c.value = r.old_value;
    end if;
    delete from core.match_key k where k.kind = r.kind and k.value = r.old_value and k.party_id = r.party_id
      and not exists (select from core.contact_point c where c.party_id = r.party_id and c.kind::text = r.kind::text and c.value = r.old_value and c.is_valid)
      and not exists (select from core.vehicle_owner o join core.vehicle v on v.vehicle_id = o.vehicle_id where o.party_id = r.party_id and o.to_on is null and r.kind = 'PLATE' and v.plate = r.old_value);
    perform core.key_add(r.party_id, r.kind, r.new_value);
end $$;
comment on function core.rekey_one(core.rekey_row) is 'Give a person the key that what he typed has today; the old one goes unless something else of his has it.';

create function core.rekey_names(p_after bigint, p_last bigint) returns int
language plpgsql volatile as $$
declare k core.match_key; n int := 0; m int;
begin
    -- stored columns are made again when their row is written
    update core.party p set name = p.name
    where p.party_id > p_after and p.party_id <= p_last
      and (p.surname_key <> coalesce(core.surname_key(case when p.kind = 'COMPANY' then p.name::text else p.surname end), '') or p.name_search <> core.name_fold(p.name));
    get diagnostics n = row_count;
    for k in select x.* from core.match_key x join core.party p on p.party_id = x.party_id
             where x.party_id > p_after and x.party_id <= p_last and x.kind not in ('INN', 'SOURCE') and x.surname_key <> p.surname_key
             order by x.kind, x.value loop
        delete from core.match_key x where x.kind = k.kind and x.value = k.value and x.party_id = k.party_id;
        perform core.key_add(k.party_id, k.kind, k.value);
        n := n + 1;
    end loop;
    return n;
end $$;
comment on function core.rekey_names(bigint, bigint) is 'The same for what a surname is compared by.    out: people and keys renewed';

create function core.rekey_tick(p_limit int default 2000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare s core.rekey; v_rows core.rekey_row[]; r core.rekey_row; v_last bigint; n int := 0; v_party bigint;
begin
    select x.* into s from core.rekey x where x.version < core.key_version() for update skip locked;
    if s.version is null then return 0; end if;
    select max(x.party_id) into v_last from (select p.party_id from core.party p where p.party_id > s.after_party order by p.party_id limit p_limit) x;
    if v_last is null then
        update core.rekey x set version = core.key_version(), after_party = 0, done_at = core.now();
        perform core.ledger_add('match.rekey', core.key_version()::text, null, 'R20', jsonb_build_object('repaired', s.repaired));
        return 0;
    end if;
    v_rows := core.rekey_found(s.after_party, v_last);
    if cardinality(v_rows) > 0 then
        perform core.keys_lock((select array_agg((x.kind, x.v)::core.party_key) from unnest(v_rows) y cross join lateral (values (y.kind, y.old_value), (y.kind, y.new_value)) x(kind, v)));
        foreach r in array v_rows loop perform core.rekey_one(r); end loop;
        -- with whom they now share a key
        for v_party in select distinct y.party_id from unnest(v_rows) y order by 1 loop
            perform core.duplicates_note(v_party, array(select (y.kind, y.new_value)::core.party_key from unnest(v_rows) y where y.party_id = v_party), 'edit');
        end loop;
    end if;
    n := cardinality(v_rows) + core.rekey_names(s.after_party, v_last);
    update core.rekey x set after_party = v_last, repaired = case when s.after_party = 0 then 0 else s.repaired end + n, done_at = null;
    return greatest(n, 1);
end $$;
comment on function core.rekey_tick(int) is $$
One turn: the next people whose keys may be of an older way.    out: repairs, at least 1 while the round goes on; 0 = nothing to do
guard: one at a time (the row of core.rekey); keys are locked before they change    cost: 20 ms for 2,000 people without a repair    source: R20, R27$$;
