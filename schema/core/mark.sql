-- SPDX-License-Identifier: Apache-2.0
-- Employees among the clients, their relatives, and test records (R152). Who works here is marked by his own address when he comes in, the
-- others by hand; nobody is ever the seat of his own record, whoever writes.

create function core.mark_staff(p_party bigint, p_keys core.party_key[]) returns void
language plpgsql volatile as $$
declare k core.party_key;
begin
    foreach k in array p_keys loop
        if k.kind = 'EMAIL' then
            insert into core.party_mark (party_id, kind, staff_id)
            select p_party, 'staff', s.staff_id from core.staff s where lower(s.email) = k.value and s.is_active and s.role <> 'system' limit 1 on conflict do nothing;
        end if;
    end loop;
end $$;
comment on function core.mark_staff(bigint, core.party_key[]) is 'Mark a person who comes in with the address of an employee. source: R152';

create function core.own_self_guard() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if new.seat_id is not null and new.state <> 'CLOSED' and exists (
        select from core.party_mark m where m.party_id = new.party_id and m.staff_id = new.seat_id) then
        perform core.fail('ZC152', 'seat_id');
    end if;
    return new;
end $$;
comment on function core.own_self_guard() is 'Trigger of core.ownership: nobody is the seat of himself or of his relative. errors: ZC152. source: R152';
create trigger own_self_guarded before insert or update of seat_id on core.ownership for each row
    when (new.seat_id is not null and new.state <> 'CLOSED') execute function core.own_self_guard();

create function core.person_mark(p_party bigint, p_kind text, p_staff bigint) returns void
language plpgsql volatile as $$
begin
    if p_kind is null then
        delete from core.party_mark m where m.party_id = p_party;
    else
        insert into core.party_mark as m (party_id, kind, staff_id, set_by, at) values (p_party, p_kind, p_staff, session.staff(), core.now())
        on conflict (party_id) do update set kind = excluded.kind, staff_id = excluded.staff_id, set_by = excluded.set_by, at = excluded.at;
        perform core.right_await(p_party);
        update core.ownership o set seat_id = null, event = 'seat', rule = 'R152', ver = o.ver + 1, changed_by = session.staff(),
            changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
        where o.party_id = p_party and o.seat_id = p_staff and o.state <> 'CLOSED';
    end if;
end $$;
comment on function core.person_mark(bigint, text, bigint) is 'Mark a record, or take the mark off (kind NULL); a right whose seat is the marked one falls to the queue. source: R152, R7';
