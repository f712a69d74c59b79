-- SPDX-License-Identifier: Apache-2.0
-- What rows refer to stays. People, dealers, brands and staff are ended, merged or erased, never deleted and never numbered anew; hence a
-- row that found its parent when it was written has it for ever, and no lock on the parent is needed. core.right_log_insert,
-- core.contact_projected and core.notice_received look when rows come, for a whole statement at once; core.parent_seen when a row is given
-- another parent.

create function core.parent_kept() returns trigger
language plpgsql set search_path = '' as $$
begin
    raise exception using errcode = 'restrict_violation', message = format('%s of core.%s is refused: rows refer to it for ever', tg_op, tg_table_name);
end $$;
comment on function core.parent_kept() is 'Trigger of core.party, core.dealer, core.brand and core.staff: nothing is deleted, nothing numbered anew, whoever tries. source: R28 (both ids resolve for ever)';
create trigger party_kept before delete on core.party for each row execute function core.parent_kept();
create trigger party_number_kept before update of party_id on core.party for each row when (old.party_id <> new.party_id) execute function core.parent_kept();
create trigger party_not_emptied before truncate on core.party for each statement execute function core.parent_kept();
create trigger dealer_kept before delete on core.dealer for each row execute function core.parent_kept();
create trigger dealer_number_kept before update of dealer_id on core.dealer for each row when (old.dealer_id <> new.dealer_id) execute function core.parent_kept();
create trigger dealer_not_emptied before truncate on core.dealer for each statement execute function core.parent_kept();
create trigger brand_kept before delete on core.brand for each row execute function core.parent_kept();
create trigger brand_number_kept before update of brand_id on core.brand for each row when (old.brand_id <> new.brand_id) execute function core.parent_kept();
create trigger brand_not_emptied before truncate on core.brand for each statement execute function core.parent_kept();
create trigger staff_kept before delete on core.staff for each row execute function core.parent_kept();
create trigger staff_number_kept before update of staff_id on core.staff for each row when (old.staff_id <> new.staff_id) execute function core.parent_kept();
create trigger staff_not_emptied before truncate on core.staff for each statement execute function core.parent_kept();

create function core.parent_none(p_table text, p_column text) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
    raise exception using errcode = 'foreign_key_violation', schema = 'core', table = p_table, column = p_column,
        message = format('core.%s.%s names nobody', p_table, p_column);
end $$;
comment on function core.parent_none(text, text) is 'Refuse a row whose parent does not exist. errors: foreign_key_violation';

create function core.parent_seen() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if not exists (select from core.party p where p.party_id = new.party_id) then perform core.parent_none(tg_table_name, 'party_id'); end if;
    if tg_table_name = 'ownership' then
        if not exists (select from core.dealer d where d.dealer_id = new.dealer_id) then perform core.parent_none('ownership', 'dealer_id'); end if;
        if not exists (select from core.brand b where b.brand_id = new.brand_id) then perform core.parent_none('ownership', 'brand_id'); end if;
    elsif new.source_dealer_id is not null and not exists (select from core.dealer d where d.dealer_id = new.source_dealer_id) then
        perform core.parent_none('contact_point', 'source_dealer_id');
    end if;
    return new;
end $$;
comment on function core.parent_seen() is 'Trigger of core.ownership and core.contact_point: another person, dealer or brand of a row exists.';
create trigger parent_seen before update of party_id, dealer_id, brand_id on core.ownership for each row
    when ((old.party_id, old.dealer_id, old.brand_id) is distinct from (new.party_id, new.dealer_id, new.brand_id)) execute function core.parent_seen();
create trigger parent_seen before update of party_id, source_dealer_id on core.contact_point for each row
    when ((old.party_id, old.source_dealer_id) is distinct from (new.party_id, new.source_dealer_id)) execute function core.parent_seen();

create function core.notice_received() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform core.parent_none('notice', 'staff_id') from (select distinct n.staff_id from new_rows n) n
    where not exists (select from core.staff s where s.staff_id = n.staff_id);
    return null;
end $$;
comment on function core.notice_received() is 'Trigger of core.notice: whoever is told exists.';
create trigger notice_inserted after insert on core.notice referencing new table as new_rows for each statement execute function core.notice_received();
create trigger notice_kept before update of staff_id on core.notice for each row when (old.staff_id <> new.staff_id) execute function core.parent_kept();
