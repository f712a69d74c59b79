-- SPDX-License-Identifier: Apache-2.0
-- Lists: registrations in bulk need the event they come from, and a seat has 500 rows an event (R36). A cold list gives no right
-- until the client answers (R37): its rows are data of the dealer alone, no party, no key.

create function core.event_of(p_event bigint, p_dealer int) returns core.event_list
language plpgsql stable set search_path = '' as $$
declare e core.event_list; v_on date := core.dealer_local_on(p_dealer, core.now());
begin
    select x.* into e from core.event_list x where x.event_id = p_event and x.dealer_id in (0, p_dealer);
    if e.event_id is null then perform core.fail('ZC039', 'event_id'); end if;
    if not e.is_open or v_on < e.from_on or v_on > e.to_on then
        perform core.fail('ZC039', 'event_id', jsonb_build_object('from', e.from_on, 'to', e.to_on, 'is_open', e.is_open));
    end if;
    return e;
end $$;
comment on function core.event_of(bigint, int) is 'The event a list is registered under: this dealer''s or head office''s, open, on its days. errors: ZC039. source: R36';

create function core.bulk_guard(p_dealer int, p_seat bigint, p_event bigint, p_rows int default 1) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare v_most int := core.policy_int('R36.list'); v_before int; v_after int;
begin
    if p_event is null then perform core.fail('ZC038', 'event_id'); end if;
    perform core.event_of(p_event, p_dealer);
    if p_seat is null or p_rows < 1 then perform core.fail('ZC402', 'seat_id'); end if;
    insert into core.event_quota (event_id, dealer_id, staff_id) values (p_event, p_dealer, p_seat) on conflict do nothing;
    select q.used into v_before from core.event_quota q
    where q.event_id = p_event and q.dealer_id = p_dealer and q.staff_id = p_seat for update;
    v_after := least(v_before + p_rows, greatest(v_most, v_before));
    if v_after = v_before then perform core.fail('ZC037', 'event_id', jsonb_build_object('limit', v_most)); end if;
    update core.event_quota q set used = v_after where q.event_id = p_event and q.dealer_id = p_dealer and q.staff_id = p_seat;
    return v_after - v_before;
end $$;
comment on function core.bulk_guard(int, bigint, bigint, int) is $$
Take rows of a seat's quota for an event, before registering them from a list.
in: dealer; seat (staff_id) in whose name; event_id of core.event_list; rows wanted
out: rows granted, at least one, perhaps fewer than wanted; the counting row stays locked until the end of the transaction
errors: ZC038 no event named, ZC039 no such event, closed or not on its days, ZC037 the quota of 500 rows is used up    source: R36$$;

create function core.cold_add(p_dealer int, p_staff bigint, p_event bigint, p_data jsonb) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare g core.registration_given := core.registration_check(p_dealer, p_data); v_hash bytea; n int;
begin
    if core.name_of(p_data) is null then perform core.fail('ZC400', 'name'); end if;
    if cardinality(g.keys) = 0 then perform core.fail('ZC400', 'phone'); end if;
    v_hash := sha256(convert_to(array_to_string(g.keys, ',') || '|' || core.surname_key_of(p_data), 'UTF8'));
    if exists (select from core.cold_row c where c.event_id = p_event and c.dealer_id = p_dealer and c.key_hash = v_hash) then return false; end if;
    perform core.bulk_guard(p_dealer, p_staff, p_event);
    insert into core.cold_row (event_id, dealer_id, staff_id, data, key_hash) values (p_event, p_dealer, p_staff, p_data, v_hash)
    on conflict do nothing;
    get diagnostics n = row_count;
    return n > 0;
end $$;
comment on function core.cold_add(int, bigint, bigint, jsonb) is $$
Keep a row of a cold list: no party, no key, no right.
in: p_data as for core.register    out: false when the event has the row already
errors: those of core.bulk_guard and of the fields    source: R36, R37$$;
