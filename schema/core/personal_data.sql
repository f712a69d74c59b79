-- SPDX-License-Identifier: Apache-2.0
-- Where personal data stand (R149), table by table: a row that says nothing without its person is deleted, a row that is a fact of the
-- business stays and is emptied. What has its own way (party, campaign locks, sums, lists, evidence, merges) is in core/privacy.sql.

insert into core.personal_data (table_name, act, sets) values
  ('attachment', 'empty', '{"name": "", "media_type": "application/octet-stream"}'),
  ('call_arrival', 'empty', '{"number": null, "said_name": null, "said_text": null}'),
  ('call_item', 'empty', '{"note": null, "undo": null}'),
  ('cold_row', 'empty', '{"data": {}}'),
  ('campaign_part', 'delete', '{}'), ('company_contact', 'delete', '{}'),
  ('consent', 'empty', '{"evidence": "-", "source": "erased"}'),
  ('contact_point', 'delete', '{}'),
  ('dispute', 'empty', '{"claim": "", "answer": null, "appeal": null, "departure": null}'),
  ('duplicate', 'delete', '{}'),
  ('exchange_row', 'empty', '{"detail": {}}'),
  ('fleet_driver', 'delete', '{}'),
  ('follow_up', 'empty', '{"note": null}'),
  ('household_link', 'delete', '{}'),
  ('import_result', 'empty', '{"undo": null, "error": null}'),
  ('interaction', 'empty', '{"text": null, "evidence": null}'),
  ('lead', 'empty', '{"interest": null, "city": null, "postal_code": null, "at_point": null}'),
  ('match_key', 'delete', '{}'),
  ('message', 'empty', '{"address": "", "vars": {}, "subject": null, "body": null}'),
  ('party_mark', 'delete', '{}'),
  ('privacy_request', 'empty', '{"evidence": "-"}'),
  ('repair_order', 'empty', '{"what": null}'),
  ('review', 'empty', '{"note": null}'),
  ('sample', 'empty', '{"note": null}'),
  ('service_move', 'empty', '{"objection": null}'),
  ('task', 'empty', '{"title": "-", "outcome": null}'),
  ('unmask_grant', 'empty', '{"note": null}'),
  ('waiting_claim', 'delete', '{}')
on conflict (table_name) do update set act = excluded.act, sets = excluded.sets;

create function core.rows_forget(p_table text, p_parties bigint[]) returns int
language plpgsql volatile as $$
declare d core.personal_data; n int; v_columns text; v_near bigint[];
begin
    select x.* into strict d from core.personal_data x where x.table_name = p_table;
    if d.table_name = 'duplicate' then
        delete from core.duplicate x where x.party_low = any (p_parties) or x.party_high = any (p_parties);
    elsif d.table_name = 'household_link' then           -- a relation has two ends, and a household may fall apart with it (R63)
        select array_agg(y) into v_near from core.household_link x cross join lateral unnest(array[x.party_id, x.relative_id]) y
        where x.party_id = any (p_parties) or x.relative_id = any (p_parties);
        delete from core.household_link x where x.party_id = any (p_parties) or x.relative_id = any (p_parties);
        get diagnostics n = row_count;
        if v_near is not null then perform core.household_settle(v_near); end if;
        return n;
    elsif d.act = 'delete' then
        execute format('delete from core.%I t where t.%I = any ($1)', d.table_name, d.column_name) using p_parties;
    else
        select string_agg(format('%I', k), ', ') into v_columns from jsonb_object_keys(d.sets) k;
        execute format('update core.%I t set (%s) = (select %s from jsonb_populate_record(null::core.%I, $2) n) where t.%I = any ($1)',
            d.table_name, v_columns, (select string_agg(format('n.%I', k), ', ') from jsonb_object_keys(d.sets) k), d.table_name, d.column_name)
        using p_parties, d.sets;
    end if;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.rows_forget(text, bigint[]) is $$
Delete or empty what one table holds of these persons.    in: a table of core.personal_data    out: rows
guard: names and values come from core.personal_data alone    source: R149$$;
