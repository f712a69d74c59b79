-- SPDX-License-Identifier: Apache-2.0
-- Marks of records: an employee, a relative of one, a test (R152).

create function api.person_mark(p_person_id uuid, p_kind text default null, p_staff_id uuid default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); v_staff bigint;
begin
    if p_kind is not null and p_kind not in ('staff', 'relative', 'test') then perform core.fail('ZC402', 'kind'); end if;
    if p_kind in ('staff', 'relative') then
        select s.staff_id into v_staff from core.staff s where s.public_id = p_staff_id and s.is_active and (session.dealer() is null or s.dealer_id = session.dealer());
        if v_staff is null then perform core.fail('ZC402', 'staff_id'); end if;
    end if;
    perform core.person_mark(v_party, p_kind, v_staff);
    perform core.ledger_add('person.mark', p_person_id::text, v_party, 'R152', jsonb_strip_nulls(jsonb_build_object('kind', p_kind)));
    return json_build_object('kind', p_kind);
end $$;
comment on function api.person_mark is $$
Mark a record as an employee's own, a relative's, or a test; without kind the mark goes.
in: person_id; kind staff | relative | test; staff_id for the first two    errors: not-found, bad-field    rule: R152 $$;
