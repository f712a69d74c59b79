-- SPDX-License-Identifier: Apache-2.0
-- Clients of a list by the set. Rows that are like most (somebody nobody knows, named by telephone, e-mail, INN or the dealer's own
-- number, with consent evidence) are matched and stored a thousand at once; rows about people of others get their verdict at once; a
-- row that says nothing new about one's own client is done. Every other row, and every row that shares a key with another of its
-- batch, goes through core.intake_row in its order. Verdicts and base are the same either way: tests/sql/bulk_test.sql holds the two
-- against each other.

create type core.bulk_row as (line_no int, phone text, email text, inn text, external text, phone_raw text, email_raw text, name text,
    surname text, given_name text, patronymic text, born_on date, city text, address text, evidence text, channels text[], interest text,
    surname_key text, keys core.party_key[], party_id bigint, public_id uuid, ownership_id bigint, right_public uuid, phone_id bigint,
    email_id bigint, consent_ids bigint[], receipt text);
comment on type core.bulk_row is 'A row of a list as the set takes it: normalised, with the numbers of what it will become.';

create function core.import_batch(p_import core.import) returns int language sql stable as $$
select case when (p_import).kind = 'client' then 1000 else 200 end $$;
comment on function core.import_batch(core.import) is 'Rows of one step of an import: a step holds its keys'' locks, and who registers one of them by hand waits for it.';

create function core.import_keys(p_import core.import, p_cells jsonb) returns core.party_key[]
language plpgsql stable set search_path = '' as $$
declare v_data jsonb := core.import_data(p_import, p_cells);
begin
    if v_data ->> 'phone' ~ '[,;]' then v_data := v_data || jsonb_build_object('phone', btrim((regexp_split_to_array(v_data ->> 'phone', '[,;]'))[1])); end if;
    return core.keys_of(p_import.dealer_id, v_data);
end $$;
comment on function core.import_keys(core.import, jsonb) is 'The keys by which a row will be matched.';

create function core.import_lock_people(p_import core.import, p_rows core.bulk_row[], p_last int) returns table (line_no int, n bigint)
language plpgsql stable set search_path = '' as $$
begin
    return query
    select u.line_no, core.import_lock_no(-1, 0) # m.party_id from unnest(p_rows) u, unnest(u.keys) k join core.match_key m on m.kind = k.kind and m.value = k.value
    where u.line_no <= p_last
    union all
    select u.line_no, hashtextextended('namesake:' || u.surname_key || ':' || y.v, 3) from unnest(p_rows) u, unnest(array[u.born_on::text, left(lower(u.address), 60)]) y(v)
    where y.v is not null and u.line_no <= p_last
    union all
    select w.line_no, core.import_lock_no(-1, 0) # m.party_id from core.import_row w, unnest(core.import_keys(p_import, w.cells)) k
        join core.match_key m on m.kind = k.kind and m.value = k.value
    where w.import_id = p_import.import_id and w.line_no > p_import.done_line and w.line_no <= p_last and w.flaw is null
      and not exists (select from unnest(p_rows) u where u.line_no = w.line_no)
    order by 1, 2;
end $$;
comment on function core.import_lock_people(core.import, core.bulk_row[], int) is 'Locks beside the keys, between two connections on one list: people known by the keys, and namesakes of one birthday or address.';

-- Locks are tried in the order of the lines and never waited for while another is held: a batch ends before the first line that somebody
-- registers just now, and only for the first line of all one waits, holding nothing else. Within a line they come sorted, as in core.keys_lock.
create function core.import_lock(p_import core.import, p_rows core.bulk_row[], p_last int) returns int
language plpgsql volatile set search_path = '' as $$
declare v_first int; v_busy int; v_till int := p_last;
begin
    select k.line_no into v_busy from (
        select x.line_no, hashtextextended((x.key).kind || ':' || (x.key).value, 3) as n from (
            select u.line_no, k::core.party_key as key from unnest(p_rows) u, unnest(u.keys) k
            union all
            select w.line_no, k::core.party_key from core.import_row w, unnest(core.import_keys(p_import, w.cells)) k
            where w.import_id = p_import.import_id and w.line_no > p_import.done_line and w.line_no <= p_last and w.flaw is null
              and not exists (select from unnest(p_rows) u where u.line_no = w.line_no)) x
        order by 1, 2 offset 0) k
    where not pg_catalog.pg_try_advisory_xact_lock(k.n) limit 1;
    if p_import.is_shared then
        -- of another connection on this list: people whom these keys are known to belong to, and namesakes with the same birthday or address,
        -- who are a pair for the steward whichever comes first. Nobody else takes these locks
        select least(v_busy, min(k.line_no)) into v_busy from (
            select x.line_no, x.n from core.import_lock_people(p_import, p_rows, p_last) x where x.line_no < coalesce(v_busy, 2147483647) order by 1, 2 offset 0) k
        where not pg_catalog.pg_try_advisory_xact_lock(k.n);
    end if;
    if v_busy is null then return p_last; end if;
    select min(w.line_no), max(w.line_no) filter (where w.line_no < v_busy) into v_first, p_last from core.import_row w
    where w.import_id = p_import.import_id and w.line_no > p_import.done_line and w.line_no <= v_busy;
    if v_first < v_busy then return p_last; end if;
    perform core.keys_lock(coalesce((select u.keys from unnest(p_rows) u where u.line_no = v_busy),
        (select core.import_keys(p_import, w.cells) from core.import_row w where w.import_id = p_import.import_id and w.line_no = v_busy)));
    if p_import.is_shared then
        perform pg_catalog.pg_advisory_xact_lock(n.n) from core.import_lock_people(p_import, p_rows, v_busy) n where n.line_no = v_busy;
    end if;
    return core.import_lock(p_import, p_rows, v_till);           -- its first line is held now: this waits for nobody any more
end $$;
comment on function core.import_lock(core.import, core.bulk_row[], int) is $$
Lock the keys of the next lines.
in: the rows the set takes; the last line    out: the last line all of whose keys, and those of the lines before, are held; at least one line$$;

create function core.bulk_read(p_import core.import, p_last int) returns core.bulk_row[]
language plpgsql stable set search_path = '' as $$
declare m jsonb := p_import.mapping; d core.dealer; rest int[];
    c_surname int := (m ->> 'surname')::int; c_given int := (m ->> 'given_name')::int; c_patronymic int := (m ->> 'patronymic')::int;
    c_name int := (m ->> 'name')::int; c_phone int := (m ->> 'phone')::int; c_email int := (m ->> 'email')::int; c_inn int := (m ->> 'inn')::int;
    c_external int := (m ->> 'external_id')::int; c_born int := (m ->> 'born_on')::int; c_city int := (m ->> 'city')::int;
    c_address int := (m ->> 'address')::int; c_evidence int := (m ->> 'consent_evidence')::int; c_channels int := (m ->> 'consent_channels')::int;
    c_interest int := (m ->> 'interest')::int;
begin
    if p_import.kind <> 'client' or p_import.brand_id is null or p_import.line is null or p_import.event_id is not null
       or not p_import.mapping ? 'consent_evidence' then
        return '{}';
    end if;
    select x.* into d from core.dealer x where x.dealer_id = p_import.dealer_id;
    -- columns whose contents the set does not handle: a row that fills one goes the other way
    select coalesce(array_agg(e.value::int), '{}') into rest from jsonb_each_text(m) e
    where e.key <> all ('{surname,given_name,patronymic,name,phone,email,inn,external_id,born_on,city,address,consent_evidence,consent_channels,interest}');
    return array(select row(t.line_no, t.phone, t.email, t.inn, t.external, t.phone_raw, t.email_raw, t.name, t.surname, t.given_name, t.patronymic,
            t.born_on, t.city, t.address, t.evidence, t.channels, t.interest, t.surname_key,
            array_remove(array[case when t.phone is not null then ('PHONE', t.phone)::core.party_key end,
                case when t.email is not null then ('EMAIL', t.email)::core.party_key end, case when t.inn is not null then ('INN', t.inn)::core.party_key end,
                case when t.external is not null then ('SOURCE', p_import.dealer_id || ':' || t.external)::core.party_key end], null),
            null, null, null, null, null, null, null, null)::core.bulk_row
        from (select n.line_no, coalesce(core.phone_norm(n.phone, null), core.phone_norm(n.phone, d.area_code)) as phone, core.email_norm(n.email) as email,
                core.inn_norm(n.inn) as inn, n.external, n.phone as phone_raw, n.email as email_raw, n.inn as inn_raw,
                left(coalesce(nullif(btrim(concat_ws(' ', n.surname, n.given_name, n.patronymic)), ''), n.name), 200) as name,
                left(coalesce(n.surname, split_part(n.name, ' ', 1)), 100) as surname, coalesce(n.surname, n.name) as surname_raw, left(n.given_name, 100) as given_name, left(n.patronymic, 100) as patronymic,
                case when n.born ~ '^\d{4}-' then n.born::date when n.born is not null then to_date(n.born, 'DD.MM.YYYY') end as born_on,
                left(n.city, 100) as city, left(n.address, 400) as address, left(n.evidence, 400) as evidence,
                array(select distinct w.w from regexp_split_to_table(upper(n.channels), '[\s,;|]+') w(w) where w.w <> '') as channels, n.interest,
                coalesce(core.surname_key(coalesce(n.surname, split_part(n.name, ' ', 1))), '') as surname_key
            from (select q.line_no, nullif(btrim(q.cells ->> c_surname), '') as surname, nullif(btrim(q.cells ->> c_given), '') as given_name,
                    nullif(btrim(q.cells ->> c_patronymic), '') as patronymic, nullif(btrim(q.cells ->> c_name), '') as name,
                    nullif(btrim(q.cells ->> c_phone), '') as phone, nullif(btrim(q.cells ->> c_email), '') as email, nullif(btrim(q.cells ->> c_inn), '') as inn,
                    nullif(btrim(q.cells ->> c_external), '') as external, nullif(btrim(q.cells ->> c_born), '') as born,
                    nullif(btrim(q.cells ->> c_city), '') as city, nullif(btrim(q.cells ->> c_address), '') as address,
                    nullif(btrim(q.cells ->> c_evidence), '') as evidence, nullif(btrim(q.cells ->> c_channels), '') as channels,
                    nullif(btrim(q.cells ->> c_interest), '') as interest
                from core.import_row q where q.import_id = p_import.import_id and q.line_no > p_import.done_line and q.line_no <= p_last and q.flaw is null
                  and (rest = '{}' or not exists (select from unnest(rest) r(i) where btrim(q.cells ->> r.i) <> '')) offset 0) n
            where n.evidence is not null and (n.phone is not null or n.email is not null) and coalesce(n.phone, '') !~ '[,;]'
              and (n.born is null or n.born ~ '^(19[1-9]\d|20[0-1]\d)-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$' or n.born ~ '^(0[1-9]|1\d|2[0-8])\.(0[1-9]|1[0-2])\.(19[1-9]\d|20[0-1]\d)$')
            offset 0) t
        where t.name is not null and (t.phone_raw is null or t.phone is not null) and (t.email_raw is null or t.email is not null)
          and (t.inn_raw is null or t.inn is not null) and t.channels <@ '{EMAIL,SMS,CALL,PUSH,LETTER}' and t.surname_key <> ''
          and length(t.surname_raw) <= 100
        order by t.line_no);
end $$;
comment on function core.bulk_read(core.import, int) is $$
The next rows of a list that the set can take, normalised as core.keys_of and core.party_make would.
in: p_last the last line of the batch    cost: 30 us a row$$;

create function core.bulk_known(p_rows core.bulk_row[], out p_shared int[], out p_known int[])
language plpgsql stable set search_path = '' set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    select array_agg(distinct l) into p_shared from (
        select array_agg(u.line_no) as lines from unnest(p_rows) u, unnest(u.keys) k group by k.kind, k.value having count(*) > 1) s, unnest(s.lines) l;
    select array_agg(u.line_no) into p_known from unnest(p_rows) u
    where exists (select from unnest(u.keys) k join core.match_key m on m.kind = k.kind and m.value = k.value);
    p_shared := coalesce(p_shared, '{}'); p_known := coalesce(p_known, '{}');
end $$;
comment on function core.bulk_known(core.bulk_row[]) is $$
out: lines that share a key with another of the batch; lines with a key that somebody in the network has    cost: one probe a key$$;

-- Erased people (R149): their rows go the other way, where nothing is stored of them.
create function core.bulk_stopped(p_rows core.bulk_row[]) returns int[]
language plpgsql stable set search_path = '' as $$
begin
    if not exists (select from core.stop_key s where s.lifted_at is null) then return '{}'; end if;
    return array(select u.line_no from unnest(p_rows) u where core.is_stopped(u.keys));
end $$;
comment on function core.bulk_stopped(core.bulk_row[]) is 'Lines with a key of an erased person. cost: a keyed hash a key, nothing while nobody is erased    source: R149, S23';

create function core.bulk_judge(p_import core.import, p_rows core.bulk_row[], p_is_trial boolean) returns int[]
language plpgsql volatile set search_path = '' as $$
declare done int[];
begin
    with judged as materialized (
        select u.line_no, j.verdict, j.rule, j.ownership_id, e.parties, o.ver, o.party_id, u.keys, u.city, u.address, u.given_name, u.patronymic, u.evidence, u.channels
        from unnest(p_rows) u
        cross join lateral (select core.party_exact(u.keys, u.surname_key) as parties offset 0) e
        cross join lateral core.claim_judge(e.parties, p_import.brand_id, p_import.line, null, p_import.dealer_id) j
        left join core.ownership o on o.ownership_id = j.ownership_id),
    final as (
        select g.*, case when g.verdict = 'FREE' then case when cardinality(g.parties) > 0 then 'updated' else 'created' end else g.verdict::text end as told
        from judged g
        where g.verdict in ('PROTECTED', 'IN_GRACE', 'DISPUTED', 'HQ')
           -- what a free one would become, unless his own right has expired at this dealer (P17): then registration says
           -- and unless a key is known under another name: whether that is a writing of his, only core.party_exact of the whole row tells
           or (g.verdict = 'FREE' and p_is_trial and cardinality(g.parties) > 0 and not exists (select from core.ownership_history h where h.party_id = any (g.parties)
               and h.brand_id = p_import.brand_id and h.line = p_import.line and h.dealer_id = p_import.dealer_id and h.reason = 'expired'))
           or (g.verdict = 'YOURS' and (p_is_trial or (
                not exists (select from unnest(g.keys) k where not exists (select from core.match_key m where m.kind = k.kind and m.value = k.value and m.party_id = g.party_id))
                and not exists (select from unnest(g.keys) k where k.kind in ('PHONE', 'EMAIL') and not exists (select from core.contact_point c
                    where c.party_id = g.party_id and c.kind = k.kind::text::core.contact_kind and c.value = k.value
                      and (c.source_dealer_id = p_import.dealer_id or p_import.dealer_id = any (c.shared_ids))))
                and not exists (select from unnest(array[null] || g.channels) w(ch) where not exists (select from core.consent c
                    where c.party_id = g.party_id and c.dealer_id = p_import.dealer_id and c.withdrawn_at is null
                      and c.purpose = case when w.ch is null then 'PROCESSING' else 'ADVERTISING' end::core.consent_purpose
                      and c.channel is not distinct from w.ch::core.channel))
                and exists (select from core.party p where p.party_id = g.party_id and (g.city is null or p.city is not null)
                    and (g.address is null or p.address is not null) and (p.kind <> 'PERSON' or ((g.given_name is null or p.given_name is not null)
                    and (g.patronymic is null or p.patronymic is not null)))))))),
    kept as (
        insert into core.import_result as r (import_id, line_no, verdict, area, party_id, undo)
        select p_import.import_id, f.line_no, f.told, case when f.verdict = 'FREE' then a.area end, case when f.verdict = 'YOURS' and not p_is_trial then f.party_id end,
            case when f.verdict = 'YOURS' and not p_is_trial then jsonb_build_object('party', f.party_id, 'is_created', false, 'added', jsonb_build_object(
                'contacts', '[]'::jsonb, 'consents', '[]'::jsonb, 'keys', '[]'::jsonb, 'vehicles', '[]'::jsonb, 'vehicle', null),
                'ownership', f.ownership_id, 'ver_before', f.ver) end
        from final f join unnest(p_rows) w on w.line_no = f.line_no
        left join core.bulk_areas(p_import, p_rows) a on a.city = coalesce(w.city, '') and a.prefix = coalesce(left(w.phone, 8), '')
        on conflict (import_id, line_no) do update set verdict = excluded.verdict, field = null, error = null, receipt = null,
            area = excluded.area, party_id = excluded.party_id, undo = excluded.undo
        returning r.line_no),
    why as (      -- runs although nobody reads it: it writes
        insert into core.row_verdict (channel, dealer_id, staff_id, source, seq, kind, verdict, rule, person_id, brand_id, line,
            right_id, right_registered_at, right_state, right_dealer_id)
        select 'import', p_import.dealer_id, p_import.staff_id, p_import.public_id::text, f.line_no, p_import.kind, f.told, f.rule, p.public_id,
            o.brand_id, o.line, o.public_id, o.registered_at, o.state, o.dealer_id
        from final f join core.ownership o on o.ownership_id = f.ownership_id join core.party p on p.party_id = o.party_id
        where not p_is_trial order by f.line_no)
    select array_agg(k.line_no) into done from kept k;
    return coalesce(done, '{}');
end $$;
comment on function core.bulk_judge(core.import, core.bulk_row[], boolean) is $$
Verdicts of rows about people the network knows, where registration would store nothing: another's client, or one's own of whom the row
says nothing new.    out: the lines done    rule: R24, R33    cost: 0.2 ms a row$$;

create function core.bulk_list(p_import core.import, p_rows core.bulk_row[], p_protect timestamptz) returns void
language plpgsql volatile set search_path = '' as $$
declare v_manager core.see_level; v_colleague core.see_level; v_grace core.see_level := core.grace_level(true);
begin
    select max(v.level) filter (where v.viewer = 'manager'),
        greatest(max(v.level) filter (where v.viewer = 'colleague'), least(max(v.level) filter (where v.viewer = 'seat'), 'MASKED'))
    into v_manager, v_colleague from core.visibility v where v.state = 'ACTIVE';
    insert into core.dealer_party (dealer_id, party_id, public_id, kind, name, name_sort, name_search, city, phone, phone_masked,
        email, email_masked, state, brand_id, line, protect_until, manager_level, colleague_level, ends_at, grace_level, order_count,
        order_kopecks, updated_at)
    select p_import.dealer_id, u.party_id, u.public_id, 'PERSON', u.name, core.name_key(u.name), core.name_fold(u.name), u.city, u.phone, core.phone_mask(u.phone), u.email,
        core.email_mask(u.email), 'ACTIVE', p_import.brand_id, p_import.line, p_protect, v_manager, v_colleague, p_protect, v_grace, 0, 0, core.now()
    from unnest(p_rows) u;
    -- sorted: neighbours in the index go to the same page
    insert into core.dealer_key (dealer_id, kind, value, party_id)
    select p_import.dealer_id, k.kind, k.value, u.party_id from (select x.party_id, x.phone, x.email, x.inn, core.name_fold(x.name) as folded from unnest(p_rows) x offset 0) u
    cross join lateral (values ('name', left(u.folded, 400)), ('name', left(substr(u.folded, nullif(strpos(u.folded, ' '), 0) + 1), 400)), ('phone', u.phone),
        ('email', left(u.email, 400)), ('inn', left(u.inn, 400))) k(kind, value)
    where k.value <> '' order by k.value collate "C";
end $$;
comment on function core.bulk_list(core.import, core.bulk_row[], timestamptz) is $$
What core.project would write for people just made, each with his one right and the contacts his row gave: list row and search keys.
source: R133, R148; tests/sql/bulk_test.sql holds it against core.project$$;

create function core.bulk_areas(p_import core.import, p_rows core.bulk_row[]) returns table (city text, prefix text, area text)
language plpgsql stable set search_path = '' as $$
begin
    if core.area_note(p_import.dealer_id, p_import.brand_id, p_import.line, null, null) is null then return; end if;      -- no territories
    return query
    select x.city, x.prefix, core.area_note(p_import.dealer_id, p_import.brand_id, p_import.line, nullif(x.city, ''), x.phone)
    from (select coalesce(u.city, '') as city, coalesce(left(u.phone, 8), '') as prefix, min(u.phone) as phone from unnest(p_rows) u group by 1, 2) x;
end $$;
comment on function core.bulk_areas(core.import, core.bulk_row[]) is
'The notes of territory of a batch, once a place: city and the area of the telephone (+7 and six digits). out: nothing where there are no territories. source: R32';

create function core.bulk_store(p_import core.import, p_rows core.bulk_row[]) returns void
language plpgsql volatile set search_path = '' set enable_hashjoin = on as $$
declare d core.dealer; v_brand text; v_protect timestamptz; v_limit timestamptz; v_rule text; v_level core.see_level; v_at text; v_head text; v_tail text;
begin
    select x.* into d from core.dealer x where x.dealer_id = p_import.dealer_id;
    select b.name into v_brand from core.brand b where b.brand_id = p_import.brand_id;
    select t.rule into strict v_rule from core.right_transition t where t.event = 'checked' and t.from_state = 'PENDING';
    select v.level into v_level from core.visibility v where v.state = 'ACTIVE' and v.viewer = 'router';
    v_protect := core.day_after(d.time_zone, core.now(), core.policy_int('P3.' || p_import.line));
    v_limit := core.day_after(d.time_zone, core.now(), core.policy_int('P5.' || p_import.line));
    insert into core.party (party_id, public_id, kind, name, surname, given_name, patronymic, born_on, inn, city, address, source, is_pool, router_level)
    overriding system value
    select u.party_id, u.public_id, 'PERSON', u.name, u.surname, u.given_name, u.patronymic, u.born_on, u.inn, u.city, u.address, 'import', false, v_level
    from unnest(p_rows) u;
    -- the keys are locked and nobody has them: a plain insert, for the price of one that looks before it writes is half of it again
    insert into core.match_key (kind, value, party_id, surname_key, is_exact)
    select k.kind, k.value, u.party_id, case when k.kind in ('INN', 'SOURCE') then '' else u.surname_key end, true
    from unnest(p_rows) u, unnest(u.keys) k;
    -- keys nobody has make no pair (R22); the same name with the same birthday or address may
    perform core.duplicates_note(u.party_id, u.keys, 'import') from unnest(p_rows) u
    where (u.born_on is not null and exists (select from core.party y where y.surname_key = u.surname_key and y.born_on = u.born_on and y.party_id <> u.party_id))
       or (u.address is not null and exists (select from core.party y where y.surname_key = u.surname_key and y.address is not null
           and left(lower(y.address), 60) = left(lower(u.address), 60) and y.party_id <> u.party_id));
    insert into core.contact_point (contact_id, party_id, kind, value, raw, is_primary, source_dealer_id, source)
    overriding system value
    select c.id, u.party_id, c.kind::core.contact_kind, c.value, left(c.raw, 400), true, d.dealer_id, 'import'
    from unnest(p_rows) u, lateral (values (u.phone_id, 'PHONE', u.phone, u.phone_raw), (u.email_id, 'EMAIL', u.email, u.email_raw)) c(id, kind, value, raw)
    where c.value is not null;
    insert into core.consent (consent_id, party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
    overriding system value
    select c.id, u.party_id, d.dealer_id, case when c.ch is null then 'PROCESSING' else 'ADVERTISING' end::core.consent_purpose, c.ch::core.channel, '1',
        u.evidence, 'import', core.now()
    from unnest(p_rows) u, unnest(u.consent_ids, array[null] || u.channels) c(id, ch);
    perform set_config('right.follows', 'on', true);         -- the list rows are written below, from what is known here
    insert into core.ownership (ownership_id, public_id, party_id, brand_id, line, dealer_id, state, since, registered_at, protect_until, limit_until,
        free_from, source, interest, event, rule, ver, changed_at, changed_by)
    select u.ownership_id, u.right_public, u.party_id, p_import.brand_id, p_import.line, d.dealer_id, 'ACTIVE', core.now(), core.now(), v_protect, v_limit,
        'infinity', 'import', left(u.interest, 400), 'checked', v_rule, 2, core.clock(), session.staff()
    from unnest(p_rows) u;
    perform set_config('right.follows', '', true);
    perform core.bulk_list(p_import, p_rows, v_protect);
    v_at := to_char(core.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    v_head := E'\nat ' || v_at || E'\ndealer ' || d.public_id || ' ' || d.name || E'\nperson ';
    v_tail := E'\nbrand ' || v_brand || E'\nline ' || p_import.line || E'\nsince ' || v_at || E'\nrule ' || v_rule;
    insert into core.receipt (number, dealer_id, staff_id, party_id, ownership_id, at, body, sha256)
    select x.receipt, d.dealer_id, p_import.staff_id, x.party_id, x.ownership_id, core.now(), x.body, encode(sha256(convert_to(x.body, 'UTF8')), 'hex')
    from (select u.receipt, u.party_id, u.ownership_id, 'receipt ' || u.receipt || v_head || u.public_id || E'\nright ' || u.right_public || v_tail as body
          from unnest(p_rows) u offset 0) x;
    -- written as text: of an object built from functions every level is copied again
    insert into core.import_result as r (import_id, line_no, verdict, receipt, area, party_id, undo)
    select p_import.import_id, u.line_no, 'created', u.receipt, a.area, u.party_id, ('{"party": ' || u.party_id || ', "is_created": true, "added": {"contacts": ['
        || concat_ws(', ', u.phone_id, u.email_id) || '], "consents": [' || array_to_string(u.consent_ids, ', ') || '], "keys": ['
        || case when cardinality(u.keys) = 1 then '["' || (u.keys[1]).kind || '", ' || to_json((u.keys[1]).value) || ']'
            else (select string_agg('["' || k.kind || '", ' || to_json(k.value) || ']', ', ') from unnest(u.keys) k) end
        || '], "vehicles": [], "vehicle": null}, "ownership": ' || u.ownership_id || ', "ver_before": null}')::jsonb
    from unnest(p_rows) u left join core.bulk_areas(p_import, p_rows) a on a.city = coalesce(u.city, '') and a.prefix = coalesce(left(u.phone, 8), '')
    on conflict (import_id, line_no) do update set verdict = excluded.verdict, field = null, error = null, receipt = excluded.receipt,
        area = excluded.area, party_id = excluded.party_id, undo = excluded.undo;
    insert into core.row_verdict (channel, dealer_id, staff_id, source, seq, kind, verdict, rule, receipt, person_id, brand_id, line,
        right_id, right_registered_at, right_state, right_dealer_id)
    select 'import', d.dealer_id, p_import.staff_id, p_import.public_id::text, u.line_no, p_import.kind, 'created', v_rule, u.receipt, u.public_id,
        p_import.brand_id, p_import.line, u.right_public, core.now(), 'ACTIVE', d.dealer_id
    from unnest(p_rows) u order by u.line_no;
end $$;
comment on function core.bulk_store(core.import, core.bulk_row[]) is $$
Register people nobody knows: party, keys, contacts, consents, right, receipt; history, ledger and projection follow by the trigger of
core.ownership.    errors: unique_violation when a key was taken meanwhile    source: R30, R31    cost: 0.25 ms a row$$;

create function core.import_bulk(p_import core.import, p_rows core.bulk_row[], p_is_trial boolean) returns int[]
language plpgsql volatile set search_path = '' as $$
declare v_new core.bulk_row[]; v_shared int[]; v_known int[]; done int[];
begin
    if coalesce(cardinality(p_rows), 0) = 0 then return '{}'; end if;
    select b.p_shared || core.bulk_stopped(p_rows), b.p_known into v_shared, v_known from core.bulk_known(p_rows) b;
    done := core.bulk_judge(p_import, array(select u from unnest(p_rows) u where u.line_no = any (v_known) and u.line_no <> all (v_shared)), p_is_trial);
    v_new := array(select u from unnest(p_rows) u where u.line_no <> all (v_known) and u.line_no <> all (v_shared));
    if p_is_trial then
        insert into core.import_result as r (import_id, line_no, verdict, area) select p_import.import_id, u.line_no, 'created', a.area
        from unnest(v_new) u left join core.bulk_areas(p_import, v_new) a on a.city = coalesce(u.city, '') and a.prefix = coalesce(left(u.phone, 8), '')
        on conflict (import_id, line_no) do update set verdict = excluded.verdict, area = excluded.area, field = null, error = null, receipt = null, party_id = null, undo = null;
    else
        v_new := array(select row(u.line_no, u.phone, u.email, u.inn, u.external, u.phone_raw, u.email_raw, u.name, u.surname, u.given_name, u.patronymic,
            u.born_on, u.city, u.address, u.evidence, u.channels, u.interest, u.surname_key, u.keys, nextval('core.party_party_id_seq'), gen_random_uuid(),
            nextval('core.ownership_ownership_id_seq'), gen_random_uuid(), case when u.phone is not null then nextval('core.contact_point_contact_id_seq') end,
            case when u.email is not null then nextval('core.contact_point_contact_id_seq') end,
            case when u.channels = '{}' then array[nextval('core.consent_consent_id_seq')]
                else array(select nextval('core.consent_consent_id_seq') from generate_series(0, cardinality(u.channels))) end,
            upper(left(replace(gen_random_uuid()::text, '-', ''), 14)))::core.bulk_row from unnest(v_new) u);
        begin
            if cardinality(v_new) > 0 then perform core.bulk_store(p_import, v_new); end if;
        exception when unique_violation then return done;      -- taken meanwhile: core.import_rows_do takes the rows one by one then
        end;
    end if;
    return done || array(select u.line_no from unnest(v_new) u);
end $$;
comment on function core.import_bulk(core.import, core.bulk_row[], boolean) is $$
Do those rows of a batch that the set can do; their keys are locked.
in: what core.bulk_read read; p_is_trial verdicts only    out: their lines; core.import_rows_do does the others in order$$;
-- The set gives its people their numbers before it stores them.
grant usage on sequence core.party_party_id_seq, core.ownership_ownership_id_seq, core.contact_point_contact_id_seq,
    core.consent_consent_id_seq to engine;
