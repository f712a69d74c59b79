-- SPDX-License-Identifier: Apache-2.0
-- The sealer of the ledger: a hash chain over settled rows, and its check (R8, S27).
-- A seal covers whole transactions: all with from_xid <= xid < to_xid, where to_xid is older than any that still runs, so
-- late committers are never skipped and no row can enter a sealed range afterwards. Each seal keeps 16 bytes of every row's
-- hash, so that the check can name the row that was altered, removed or added.

create function core.ledger_hash(l core.ledger) returns bytea
language sql immutable as $$
  select sha256(convert_to(jsonb_build_array(l.ledger_id, (extract(epoch from l.at) * 1000000)::bigint, l.staff_id, l.dealer_id,
    l.role, l.session_id, l.request_id, l.kind, l.subject, l.party_id, l.brand_id, l.line, l.rule, l.detail,
    l.xid::text)::text, 'UTF8'))
$$;
comment on function core.ledger_hash(core.ledger) is $$
SHA-256 of a ledger row's canonical form: the JSON array of all its columns in table order, time in microseconds.
source: R8$$;

create function core.ledger_seal_next(p_limit int default 100000) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_last core.ledger_seal;
  v_from xid8;
  v_to xid8;
  v_after bigint;
  v_ids bigint[];
  v_hashes bytea;
  v_whole bytea;
begin
  perform pg_advisory_xact_lock(4270004);
  select s.* into v_last from core.ledger_seal s order by s.seal_id desc limit 1;
  if v_last.seal_id is null or v_last.is_whole then
    v_from := coalesce(v_last.to_xid, '0'::xid8);
    v_to := pg_snapshot_xmin(pg_current_snapshot());
    v_after := coalesce(v_last.ids[1] - 1000000, 0);   -- numbers are drawn before commit, never so long before
  else
    v_from := v_last.from_xid; v_to := v_last.to_xid; v_after := v_last.ids[v_last.row_count];
  end if;
  if v_to <= v_from then return 0; end if;
  with r as materialized (
    select l.ledger_id, core.ledger_hash(l) as h from core.ledger l
    where l.xid >= v_from and l.xid < v_to and l.ledger_id > v_after
    order by l.ledger_id limit p_limit)
  select array_agg(r.ledger_id order by r.ledger_id), string_agg(substring(r.h from 1 for 16), ''::bytea order by r.ledger_id),
    sha256(coalesce(v_last.sha256, '\x'::bytea) || string_agg(r.h, ''::bytea order by r.ledger_id))
  into v_ids, v_hashes, v_whole from r;
  if v_ids is null then
    update core.ledger_seal s set is_whole = true where s.seal_id = v_last.seal_id and not s.is_whole;
    return 0;
  end if;
  insert into core.ledger_seal (from_xid, to_xid, row_count, is_whole, ids, hashes, sha256, previous, at)
  values (v_from, v_to, cardinality(v_ids), cardinality(v_ids) < p_limit, v_ids, v_hashes, v_whole,
    coalesce(v_last.sha256, '\x'), core.now());
  return cardinality(v_ids);
end $$;
comment on function core.ledger_seal_next(int) is $$
Seal what has settled since the last seal, at most p_limit rows, and chain it to that one. A full seal leaves its range open:
the next one goes on in it.
out: rows sealed    cost: 8 us a row    source: R8, design 14$$;

create function core.ledger_verify(out is_valid boolean, out row_total bigint, out last_seal_at timestamptz,
  out broken_id bigint, out broken_how text)
language plpgsql stable security definer set search_path = '' set work_mem = '128MB' as $$
declare
  s core.ledger_seal;
  v_previous bytea := '\x';
  v_whole bytea;
begin
  is_valid := true; row_total := 0;
  for s in select x.* from core.ledger_seal x order by x.seal_id loop
    with kept as materialized (
      select u.id, substring(s.hashes from (u.n - 1)::int * 16 + 1 for 16) as h
      from unnest(s.ids) with ordinality as u (id, n)),
    real as materialized (
      select l.ledger_id, core.ledger_hash(l) as h from core.ledger l
      where l.ledger_id between s.ids[1] and s.ids[s.row_count] and l.xid >= s.from_xid and l.xid < s.to_xid)
    select coalesce(k.id, r.ledger_id), case when r.ledger_id is null then 'removed' when k.id is null then 'added'
        else 'altered' end
    into broken_id, broken_how
    from kept k full join real r on r.ledger_id = k.id
    where k.id is null or r.ledger_id is null or substring(r.h from 1 for 16) <> k.h
    order by 1 limit 1;
    if broken_id is null then
      select sha256(s.previous || string_agg(core.ledger_hash(l), ''::bytea order by l.ledger_id)) into v_whole
      from core.ledger l
      where l.ledger_id between s.ids[1] and s.ids[s.row_count] and l.xid >= s.from_xid and l.xid < s.to_xid;
      if v_whole is distinct from s.sha256 or s.previous <> v_previous then
        broken_id := s.ids[1]; broken_how := 'chain';
      end if;
    end if;
    row_total := row_total + s.row_count; last_seal_at := s.at; v_previous := s.sha256;
    if broken_id is not null then is_valid := false; return; end if;
  end loop;
  -- a row of a sealed transaction that no seal knows
  if (select count(*) from core.ledger l where l.xid < s.from_xid or (l.xid < s.to_xid
      and (s.is_whole or l.ledger_id <= s.ids[s.row_count]))) <> row_total then
    select min(l.ledger_id) into broken_id from core.ledger l
    where (l.xid < s.from_xid or (l.xid < s.to_xid and (s.is_whole or l.ledger_id <= s.ids[s.row_count])))
      and l.ledger_id not in (select unnest(x.ids) from core.ledger_seal x);
    is_valid := false; broken_how := 'added';
  end if;
end $$;
comment on function core.ledger_verify() is $$
Check the whole chain against the rows.
out: is_valid; rows sealed; time of the last seal; broken_id - first row that is not as it was sealed, and how: altered, removed,
added, or chain when a seal itself was changed
cost: 16 us a row    source: R8, R125, S27$$;
