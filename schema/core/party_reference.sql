-- SPDX-License-Identifier: Apache-2.0
-- Where a person's rows are, and what a merge does with them (R28). A new table with a person in it is a line here; tests/sql/merge_test.sql
-- holds the list against the catalogue. move: the row goes to the survivor and comes back with an undo. special: core.merge_* does it.
-- derived: made anew. stay: a record of what was, or a row that says who was meant at the time.

insert into core.party_reference (table_name, act, key, twin, made_at) values
  ('attachment', 'move', '{attachment_id}', '{}', 'created_at'),
  ('campaign_lock', 'special', '{}', '{}', null), ('campaign_lock_history', 'stay', '{}', '{}', null),
  ('call_item', 'move', '{call_id}', '{campaign_id}', null),
  ('consent', 'move', '{consent_id}', '{}', 'recorded_at'),
  ('contact_point', 'special', '{}', '{}', null),
  ('dealer_key', 'derived', '{}', '{}', null), ('dealer_party', 'derived', '{}', '{}', null),
  ('party_summary', 'derived', '{}', '{}', null), ('party_total', 'derived', '{}', '{}', null),
  ('carve_out', 'special', '{}', '{}', null), ('company', 'special', '{}', '{}', null), ('company_group_member', 'special', '{}', '{}', null),
  ('company_contact', 'move', '{contact_id}', '{company_id,dealer_id}', 'created_at'), ('fleet_driver', 'move', '{driver_id}', '{vehicle_id}', 'created_at'),
  ('campaign_part', 'stay', '{}', '{}', null), ('household_link', 'special', '{}', '{}', null), ('occasion', 'move', '{occasion}', '{occasion}', null), ('service_move', 'move', '{move_id}', '{}', null),
  ('call_arrival', 'stay', '{}', '{}', null), ('lead', 'move', '{lead_id}', '{brand_id,line}', null), ('cold_row', 'move', '{cold_id}', '{}', null), ('dispute', 'special', '{}', '{}', null),
  ('follow_up', 'move', '{follow_id}', '{}', 'at'), ('review', 'move', '{review_id}', '{}', 'at'), ('sample', 'move', '{sample_id}', '{}', 'at'),
  ('erasure', 'stay', '{}', '{}', null), ('party_mark', 'special', '{}', '{}', null), ('privacy_request', 'move', '{request_id}', '{kind}', null),
  ('duplicate', 'special', '{}', '{}', null), ('unmask_grant', 'stay', '{}', '{}', null),
  ('exchange_row', 'stay', '{}', '{}', null), ('import_result', 'stay', '{}', '{}', null),
  ('interaction', 'move', '{interaction_id}', '{}', 'recorded_at'),
  ('ledger', 'stay', '{}', '{}', null), ('message', 'stay', '{}', '{}', null),
  ('match_key', 'special', '{}', '{}', null),
  ('ownership', 'special', '{}', '{}', null), ('ownership_history', 'stay', '{}', '{}', null),
  ('receipt', 'move', '{receipt_id}', '{}', 'at'),
  ('recipient', 'special', '{}', '{}', null),
  ('repair_order', 'move', '{order_id}', '{}', 'recorded_at'), ('sale', 'move', '{sale_id}', '{}', 'recorded_at'),
  ('serve_grant', 'move', '{dealer_id,brand_id,line,document}', '{dealer_id,brand_id,line,document}', 'from_at'),
  ('task', 'move', '{task_id}', '{}', 'created_at'),
  ('touch', 'move', '{touch_id}', '{}', 'at'),
  ('vehicle_owner', 'move', '{vehicle_id,from_on}', '{vehicle_id,from_on}', null),
  ('waiting_claim', 'move', '{brand_id,line,dealer_id}', '{brand_id,line,dealer_id}', null),
  ('waiting_list', 'special', '{}', '{}', null)
on conflict (table_name) do update set act = excluded.act, key = excluded.key, twin = excluded.twin, made_at = excluded.made_at;

create function core.rows_move(p_merge bigint, p_table text, p_from bigint, p_to bigint) returns int
language plpgsql volatile as $$
declare r core.party_reference; n int; key_sql text; twin_sql text;
begin
    select x.* into strict r from core.party_reference x where x.table_name = p_table;
    select string_agg(format('%L, t.%I', k, k), ', ') into key_sql from unnest(r.key) k;
    select string_agg(format('y.%I is not distinct from t.%I', k, k), ' and ') into twin_sql from unnest(r.twin) k;
    execute format($q$
        with gone as (update core.%I t set %I = $2 where t.%I = $1 %s returning jsonb_build_object(%s) as key)
        insert into core.merge_row (merge_id, table_name, key) select $3, %L, g.key from gone g$q$,
        p_table, r.column_name, r.column_name,
        case when twin_sql is not null then format('and not exists (select from core.%I y where y.%I = $2 and %s)', p_table, r.column_name, twin_sql) else '' end,
        key_sql, p_table) using p_from, p_to, p_merge;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.rows_move(bigint, text, bigint, bigint) is $$
Give a person's rows of one table to another person and note each; a row the other has already stays behind.
in: a merge; a table of core.party_reference with act move; from, to    out: rows moved
guard: names come from core.party_reference alone    cost: one index look-up and a write a row    source: R28$$;

create function core.rows_return(p_merge bigint, p_table text, p_from bigint, p_to bigint, p_at timestamptz, p_dealers int[]) returns int
language plpgsql volatile as $$
declare r core.party_reference; n int; later int := 0; key_sql text;
begin
    select x.* into strict r from core.party_reference x where x.table_name = p_table;
    select string_agg(format('t.%I = k.%I', k, k), ' and ') into key_sql from unnest(r.key) k;
    execute format($q$
        update core.%I t set %I = $2 from core.merge_row m cross join lateral jsonb_populate_record(null::core.%I, m.key) k
        where m.merge_id = $3 and m.table_name = %L and t.%I = $1 and %s$q$,
        p_table, r.column_name, p_table, p_table, r.column_name, key_sql) using p_from, p_to, p_merge;
    get diagnostics n = row_count;
    if r.made_at is not null and cardinality(p_dealers) > 0 then      -- R29: what came later belongs to the side its dealer knew
        execute format('update core.%I t set %I = $2 where t.%I = $1 and t.%I > $3 and t.dealer_id = any ($4)',
            p_table, r.column_name, r.column_name, r.made_at) using p_from, p_to, p_at, p_dealers;
        get diagnostics later = row_count;
    end if;
    return n + later;
end $$;
comment on function core.rows_return(bigint, text, bigint, bigint, timestamptz, int[]) is $$
Give back what core.rows_move took, and what dealers who knew only the other side recorded since.
in: a merge; table; from (survivor), to (merged); time of the merge; those dealers    out: rows    source: R29$$;
