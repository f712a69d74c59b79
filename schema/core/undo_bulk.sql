-- SPDX-License-Identifier: Apache-2.0
-- A list taken back by the set: people whom the list made and nobody has used since. All others go through core.intake_undo, one by one.

create function core.bulk_undo(p_import core.import, p_lines int[]) returns int[]
language plpgsql volatile set search_path = '' as $$
declare v_rows core.import_result[]; v_parties bigint[]; v_rights bigint[]; v_rule text;
begin
    select t.rule into strict v_rule from core.right_transition t where t.event = 'erase' and t.from_state = 'ACTIVE' and t.to_state = 'CLOSED';
    perform 1 from core.ownership o where o.party_id = any (array(select r.party_id from core.import_result r where r.import_id = p_import.import_id
        and r.line_no = any (p_lines))) order by o.party_id, o.ownership_id for update;
    v_rows := array(select r from core.import_result r
        join core.ownership o on o.ownership_id = (r.undo ->> 'ownership')::bigint and o.party_id = r.party_id and o.state = 'ACTIVE'
            and o.dealer_id = p_import.dealer_id and o.event = 'checked' and o.ver = 2
        where r.import_id = p_import.import_id and r.line_no = any (p_lines) and r.undo ->> 'is_created' = 'true' and r.undo ->> 'ver_before' is null
          and not r.undo ?| '{document,redraft,owned,draft}' and r.undo #>> '{added,vehicle}' is null and not coalesce(r.undo -> 'added' ?| '{company,kpp,branch}', false)
          and not exists (select from core.ownership x where x.party_id = r.party_id and x.ownership_id <> o.ownership_id)
          and not exists (select from core.sale x where x.party_id = r.party_id) and not exists (select from core.repair_order x where x.party_id = r.party_id)
          and not exists (select from core.interaction x where x.party_id = r.party_id) and not exists (select from core.task x where x.party_id = r.party_id)
          and not exists (select from core.vehicle_owner x where x.party_id = r.party_id and x.to_on is null));
    select array_agg(u.party_id), array_agg((u.undo ->> 'ownership')::bigint) into v_parties, v_rights from unnest(v_rows) u;
    if v_parties is null then return '{}'; end if;
    update core.ownership o set state = 'CLOSED', reason = 'erased', lost = null, free_from = core.now(), accept_until = null, contact_until = null,
        event = 'erase', rule = v_rule, ver = o.ver + 1, changed_by = session.staff(), changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.ownership_id = any (v_rights);
    perform core.clock_free(v_rights);
    delete from core.consent c using unnest(v_rows) u, jsonb_array_elements_text(u.undo #> '{added,consents}') e(id)
    where c.consent_id = e.id::bigint and c.party_id = u.party_id;
    delete from core.match_key k where k.party_id = any (v_parties);
    delete from core.contact_point c where c.party_id = any (v_parties);
    delete from core.duplicate d where d.state = 'OPEN' and d.party_low = any (v_parties);
    delete from core.duplicate d where d.state = 'OPEN' and d.party_high = any (v_parties);
    update core.party p set source = 'undone' where p.party_id = any (v_parties);
    return array(select u.line_no from unnest(v_rows) u);
end $$;
comment on function core.bulk_undo(core.import, int[]) is $$
Take back those lines of a list that made somebody with whom nothing has happened since.
out: the lines done; the others are the row path's    guard: the rights are locked first, in order    rule: R3$$;
