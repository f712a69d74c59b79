-- SPDX-License-Identifier: Apache-2.0
-- Pages of people for api.people_list: one index walk, which holds what most filters compare; what is left is filtered on the way.
-- Invoker rights: the caller's row policies hold. Enums are compared by their numbers, which are leakproof (0004_ownership.sql).

create function core.cursor_make(p_sort text, p_public uuid) returns text
-- the cast is written out: text || uuid is a STABLE operator, and its function would not be inlined, but called for each row
language sql immutable as $$ select p_sort || E'\x1f' || p_public::text $$;
comment on function core.cursor_make(text, uuid) is 'Position in a list: the sort value and the row''s public id. The server hands it out, and takes it back, in hex.';

create function core.cursor_part(p_after text, p_part int) returns text
language plpgsql immutable as $$
begin
    if p_after is null then return null; end if;
    if p_after !~ E'\x1f[0-9a-f-]{36}$' then perform core.fail('ZC402', 'after'); end if;
    return case p_part when 1 then left(p_after, -37) else right(p_after, 36) end;     -- a sort key may hold the separator
end $$;
comment on function core.cursor_part(text, int) is 'Sort value (1) or public id (2) of a position. errors: ZC402 after';

create function core.cursor_party(p_after text) returns bigint
language plpgsql stable as $$
begin
    if p_after is null then return null; end if;     -- every first page; the query alone would cost 0.05 ms
    return (select p.party_id from core.party p where p.public_id = core.cursor_part(p_after, 2)::uuid);
end $$;
comment on function core.cursor_party(text) is 'The party of a position, when the caller may see it: breaks ties between equal names.';

create function core.state_no(p_state core.right_state) returns smallint
language sql immutable as $$
select (case p_state when 'OFFERED' then 1 when 'PENDING' then 2 when 'ACTIVE' then 3 when 'HELD' then 4 when 'CUSTOMER' then 5
        when 'GRACE' then 6 when 'DISPUTED' then 7 when 'CLOSED' then 8 end)::smallint $$;
comment on function core.state_no(core.right_state) is 'Number of a state in the projection.';

create function core.line_no(p_line core.line) returns smallint
language sql immutable as $$
select (case p_line when 'NEW' then 1 when 'USED' then 2 when 'FLEET' then 3 when 'SERVICE' then 4 when 'PARTS' then 5 when 'FIN' then 6 end)::smallint $$;
comment on function core.line_no(core.line) is 'Number of a line in the projection.';

create function core.abc_no(p_abc core.abc) returns smallint
language sql immutable as $$ select (case p_abc when 'A' then 1 when 'B' then 2 when 'C' then 3 end)::smallint $$;
comment on function core.abc_no(core.abc) is 'Number of a class in the projection.';

create function core.level_seen(p_manager core.see_level, p_seats bigint[], p_masked_seats bigint[], p_colleague core.see_level) returns core.see_level
language sql stable as $$
select case when session.role_bit() in (16, 512) then p_manager when session.staff() = any (p_seats) then 'FULL'::core.see_level
            when session.staff() = any (p_masked_seats) then greatest(p_colleague, 'MASKED'::core.see_level) else p_colleague end $$;
comment on function core.level_seen(core.see_level, bigint[], bigint[], core.see_level) is 'How much of a list row the caller sees. source: D.14';

create function core.expired_to() returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
begin
    return (select s.expired_to from core.clock_state s where s.name = 'rights');
end $$;
comment on function core.expired_to() is
'How far the clock has come: every term up to this instant has been ended (R14), so a list may show it ended. cost: 4 us; ask once a statement';

create function core.state_seen(p_state core.right_state, p_ends_at timestamptz, p_expired_to timestamptz) returns core.right_state
language sql immutable as $$ select case when p_ends_at <= p_expired_to then 'GRACE'::core.right_state else p_state end $$;
comment on function core.state_seen(core.right_state, timestamptz, timestamptz) is
'The state a list row shows: what was written, or GRACE when the term has been ended since. in: state and ends_at of the row, core.expired_to(). source: R14';

create function core.colleague_seen(p_level core.see_level, p_grace_level core.see_level, p_ends_at timestamptz, p_expired_to timestamptz)
returns core.see_level language sql immutable as $$ select case when p_ends_at <= p_expired_to then p_grace_level else p_level end $$;
comment on function core.colleague_seen(core.see_level, core.see_level, timestamptz, timestamptz) is
'What colleagues see of a list row, by the same comparison. in: colleague_level, grace_level and ends_at of the row, core.expired_to(). source: D.14';

create function core.is_full(t core.dealer_party) returns boolean
language sql stable as $$ select core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL' $$;
comment on function core.is_full(core.dealer_party) is 'Whether the caller sees a list row in full.';

create function core.is_price_listed(t core.dealer_party) returns boolean
language sql stable as $$
select session.role_bit() in (16, 512) or (t.seat_id = session.staff() and t.line_no in (4, 5)) $$;
comment on function core.is_price_listed(core.dealer_party) is
'Whether the sum of repair orders is of the caller''s own line: a manager''s always, a seat''s when service is its leading right. source: D.14';

create type core.people_filter as (city text, brand_id smallint, line_no smallint, state_no smallint, seat_id bigint, is_queue boolean,
    abc_no smallint, model text, visit_before date, visit_after date, expired_to timestamptz);
comment on type core.people_filter is 'The filters of a people list, NULL = not asked; expired_to is core.expired_to(), by which a state is told.';

create function core.people_match(t core.dealer_party, f core.people_filter) returns boolean
language sql stable as $$
select (f.city is null or t.city = f.city) and (f.brand_id is null or t.brand_id = f.brand_id)
   and (f.line_no is null or t.line_no = f.line_no) and case when f.state_no is null then t.state_no < 8
       else case when t.ends_at <= f.expired_to then 6 else t.state_no end = f.state_no end
   and (f.seat_id is null or t.seat_id = f.seat_id) and (not coalesce(f.is_queue, false) or t.seat_id is null)
   and (f.abc_no is null or t.abc_no = f.abc_no)
   and (f.visit_before is null or t.last_visit_on < f.visit_before) and (f.visit_after is null or t.last_visit_on > f.visit_after)
   and (f.model is null or strpos(lower(t.vehicle), lower(f.model)) > 0)
   and (coalesce(f.model, f.visit_before::text, f.visit_after::text) is null or core.is_full(t)) $$;     -- what is masked finds nobody (R135)
comment on function core.people_match(core.dealer_party, core.people_filter) is 'Whether a list row passes the filters; inlined.';

create function core.key_range_end(p_prefix text) returns text
language sql immutable as $$ select p_prefix || chr(1114111) $$;
comment on function core.key_range_end(text) is 'End of a prefix range under collation C (a parameter keeps ^@ from its index).';

create function core.people_keys(p_q text, p_limit int) returns table (party_id bigint, kind text)
language plpgsql stable as $$
declare d int := session.dealer(); v_name text := core.name_fold(p_q); v_phone text; v_phones text[] := '{}'; v_mail text := lower(btrim(p_q)); v_plate text; v_vin text;
        digits text := regexp_replace(p_q, '[^0-9]', '', 'g'); bit int := session.role_bit();
begin
    -- 8903 is a number begun with the trunk 8, 843 an area code, +7 and 7 the country: both readings are tried
    if p_q ~ '^[-+0-9() ]{3,}$' and length(digits) >= 3 then
        v_phones := array(select distinct x from unnest(array['+' || digits, case when p_q !~ '^\s*\+' then '+7' || digits end,
            case when p_q !~ '^\s*\+' and left(digits, 1) = '8' then '+7' || substr(digits, 2) end]) x where x is not null and length(x) > 3);
    end if;
    v_plate := case when length(p_q) between 3 and 12 then upper(translate(replace(p_q, ' ', ''), 'авекмнорстухАВЕКМНОРСТУХ', 'ABEKMHOPCTYXABEKMHOPCTYX')) end;
    v_vin := case when length(v_plate) >= 4 then v_plate when length(p_q) = 17 then upper(p_q) end;
    if v_name <> '' then
        return query select k.party_id, 'name'::text from core.dealer_key k
            where k.dealer_id = d and k.value >= v_name and k.value < core.key_range_end(v_name) and k.kind = 'name' limit p_limit;
    end if;
    foreach v_phone in array v_phones loop
        -- by part of a number only where the caller sees it in full, else a prefix would unmask it digit by digit
        return query select k.party_id, 'phone'::text from core.dealer_key k join core.dealer_party t on t.dealer_id = k.dealer_id and t.party_id = k.party_id
            where k.dealer_id = d and k.value >= v_phone and k.value < core.key_range_end(v_phone) and k.kind = 'phone'
              and (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL' or k.value = v_phone) limit p_limit;
    end loop;
    if strpos(v_mail, '@') > 1 then
        return query select k.party_id, 'email'::text from core.dealer_key k join core.dealer_party t on t.dealer_id = k.dealer_id and t.party_id = k.party_id
            where k.dealer_id = d and k.value >= v_mail and k.value < core.key_range_end(v_mail) and k.kind = 'email'
              and (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL' or k.value = v_mail) limit p_limit;
    end if;
    if v_plate is not null then
        return query select k.party_id, k.kind from core.dealer_key k join core.dealer_party t on t.dealer_id = k.dealer_id and t.party_id = k.party_id
            where k.dealer_id = d and k.value >= v_plate and k.value < core.key_range_end(v_plate) and k.kind = 'plate'
              and (k.value = v_plate or core.is_full(t)) limit p_limit;
    end if;
    if v_vin is not null then
        return query select k.party_id, k.kind from core.dealer_key k join core.dealer_party t on t.dealer_id = k.dealer_id and t.party_id = k.party_id
            where k.dealer_id = d and k.value >= v_vin and k.value < core.key_range_end(v_vin) and k.kind = 'vin'
              and (k.value = v_vin or core.is_full(t)) limit p_limit;
    end if;
    if length(digits) >= 4 and digits = btrim(p_q) then
        return query select k.party_id, k.kind from core.dealer_key k join core.dealer_party t on t.dealer_id = k.dealer_id and t.party_id = k.party_id
            where k.dealer_id = d and k.value >= digits and k.value < core.key_range_end(digits) and k.kind = 'inn'
              and (k.value = digits or core.is_full(t)) limit p_limit;
    end if;
end $$;
comment on function core.people_keys(text, int) is $$
The caller's own people whom a typed beginning may mean: name from either end, phone, e-mail, plate, VIN, INN.
in: p_q as typed; p_limit per kind    out: duplicates possible    cost: one index range per kind$$;

create type core.people_range as (s1 smallint, s2 smallint, l1 smallint, l2 smallint, b1 smallint, b2 smallint);
comment on type core.people_range is 'Bounds of state_no, line_no and brand_id: an index compares no condition that may be absent.';

create function core.people_range(f core.people_filter) returns core.people_range
language sql immutable as $$
-- a row becomes GRACE without being written
select row(coalesce(nullif(f.state_no, 6), 1), coalesce(nullif(f.state_no, 6), 7), coalesce(f.line_no, 1), coalesce(f.line_no, 6),
    coalesce(f.brand_id, 0), coalesce(f.brand_id, 32767))::core.people_range $$;
comment on function core.people_range(core.people_filter) is 'The bounds that a filter sets.';

create function core.people_few(r core.people_range, d int) returns boolean
language plpgsql stable as $$
begin
    if (r.s1, r.s2, r.l1, r.l2, r.b1, r.b2) = (1, 7, 1, 6, 0, 32767) then return false; end if;      -- no such filter
    return (select count(*) from (select from core.dealer_party t where t.dealer_id = d and t.state_no between r.s1 and r.s2
        and t.line_no between r.l1 and r.l2 and t.brand_id between r.b1 and r.b2 limit 3000) x) < 3000;
end $$;
comment on function core.people_few(core.people_range, int) is
'Whether so few of a dealer''s rows are within bounds that sorting them costs less than looking for them in another order.    cost: 0.1 us a row of the dealer';

create function core.people_filtered(f core.people_filter, p_q text, p_sort core.people_sort, p_limit int, p_after text)
returns setof core.dealer_party language plpgsql stable as $$
declare d int := session.dealer(); n int := least(coalesce(p_limit, 50), 100); v_name text; v_id bigint; v_at timestamptz; v_on date;
        r core.people_range := core.people_range(f); v_few boolean := p_sort <> 'name' and core.people_few(r, d);
begin
    v_id := coalesce(core.cursor_party(p_after), 0);
    if p_sort = '-updated' then
        v_at := coalesce(core.cursor_part(p_after, 1)::timestamptz, 'infinity');
        if v_few then
            return query select t.* from (select y.* from core.dealer_party y where y.dealer_id = d and y.state_no between r.s1 and r.s2 and y.line_no between r.l1 and r.l2
                and y.brand_id between r.b1 and r.b2 offset 0) t where (t.updated_at, t.party_id) < (v_at, v_id)
                and core.people_match(t, f) order by t.updated_at desc, t.party_id desc limit n;
        else
            return query select t.* from core.dealer_party t where t.dealer_id = d and (t.updated_at, t.party_id) < (v_at, v_id)
                and core.people_match(t, f) order by t.updated_at desc, t.party_id desc limit n;
        end if;
    elsif p_sort = '-last_visit' then
        v_on := coalesce(core.cursor_part(p_after, 1)::date, 'infinity');
        if v_few then
            return query select t.* from (select y.* from core.dealer_party y where y.dealer_id = d and y.state_no between r.s1 and r.s2 and y.line_no between r.l1 and r.l2
                and y.brand_id between r.b1 and r.b2 offset 0) t where (t.visit_key, t.party_id) < (v_on, v_id)
                and core.is_full(t) and core.people_match(t, f) order by t.visit_key desc, t.party_id desc limit n;
        else
            return query select t.* from core.dealer_party t where t.dealer_id = d and (t.visit_key, t.party_id) < (v_on, v_id)
                and core.is_full(t) and core.people_match(t, f) order by t.visit_key desc, t.party_id desc limit n;
        end if;
    elsif p_sort = 'protect_until' then
        v_at := coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity');
        if v_few then
            return query select t.* from (select y.* from core.dealer_party y where y.dealer_id = d and y.state_no between r.s1 and r.s2 and y.line_no between r.l1 and r.l2
                and y.brand_id between r.b1 and r.b2 offset 0) t where (t.protect_key, t.party_id) > (v_at, v_id)
                and core.people_match(t, f) order by t.protect_key, t.party_id limit n;
        else
            return query select t.* from core.dealer_party t where t.dealer_id = d and (t.protect_key, t.party_id) > (v_at, v_id)
                and core.people_match(t, f) order by t.protect_key, t.party_id limit n;
        end if;
    else
        v_name := coalesce(core.cursor_part(p_after, 1), '');
        return query select * from core.people_by_name(f, p_q, n, v_name, v_id, d);
    end if;
exception when invalid_datetime_format or datetime_field_overflow then perform core.fail('ZC402', 'after');
end $$;
comment on function core.people_filtered(core.people_filter, text, core.people_sort, int, text) is $$
One page of the caller's own people, filtered or sorted otherwise than by name.
cost: by name one index is walked that holds what is filtered; in another order that order's index is walked and
filtered, or the few that pass are sorted$$;

create function core.people_in_grace(f core.people_filter, n int, v_name text, v_id bigint, d int)
returns setof core.dealer_party language plpgsql stable as $$
begin
    if (select count(*) from (select from core.dealer_party t where t.dealer_id = d and t.protect_key <= f.expired_to limit 3000) x) = 3000 then
        -- so many terms are over that the order of names meets one soon
        return query select t.* from core.dealer_party t where t.dealer_id = d
            and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n;
    else
        return query select x.* from (
            (select t.* from core.dealer_party t where t.dealer_id = d and t.state_no = 6
                and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n)
            union all
            (select t.* from (select y.* from core.dealer_party y where y.dealer_id = d and y.protect_key <= f.expired_to offset 0) t
             where t.ends_at <= f.expired_to and t.state_no <> 6
                and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n)) x
            order by x.name_sort, x.party_id limit n;
    end if;
end $$;
comment on function core.people_in_grace(core.people_filter, int, text, bigint, int) is $$
The same of the state GRACE: what was written so, and every row whose own term the clock has ended (0110_term_shown.sql): the few are
sorted, the many are walked by name.$$;

create function core.people_by_name(f core.people_filter, p_q text, n int, v_name text, v_id bigint, d int)
returns setof core.dealer_party language plpgsql stable as $$
declare r core.people_range := core.people_range(f);
begin
    if p_q is not null then
        return query select t.* from (select distinct k.party_id from core.people_keys(p_q, 1000) k) k
            join core.dealer_party t on t.dealer_id = d and t.party_id = k.party_id
            where (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n;
    elsif f.seat_id is not null then
        return query select t.* from core.dealer_party t where t.dealer_id = d and t.seat_id = f.seat_id
            and t.state_no between r.s1 and r.s2 and t.line_no between r.l1 and r.l2 and t.brand_id between r.b1 and r.b2
            and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n;
    elsif f.is_queue then
        return query select t.* from core.dealer_party t where t.dealer_id = d and t.seat_id is null
            and t.state_no between r.s1 and r.s2 and t.line_no between r.l1 and r.l2 and t.brand_id between r.b1 and r.b2
            and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n;
    elsif f.city is not null then
        return query select t.* from core.dealer_party t where t.dealer_id = d and t.city = f.city
            and t.state_no between r.s1 and r.s2 and t.line_no between r.l1 and r.l2 and t.brand_id between r.b1 and r.b2
            and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n;
    elsif f.abc_no is not null then
        return query select t.* from core.dealer_party t where t.dealer_id = d and t.abc_no = f.abc_no
            and t.state_no between r.s1 and r.s2 and t.line_no between r.l1 and r.l2 and t.brand_id between r.b1 and r.b2
            and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n;
    elsif f.state_no = 6 then
        return query select * from core.people_in_grace(f, n, v_name, v_id, d);
    else
        return query select t.* from core.dealer_party t where t.dealer_id = d
            and t.state_no between r.s1 and r.s2 and t.line_no between r.l1 and r.l2 and t.brand_id between r.b1 and r.b2
            and (t.name_sort, t.party_id) > (v_name, v_id) and core.people_match(t, f) order by t.name_sort, t.party_id limit n;
    end if;
end $$;
comment on function core.people_by_name(core.people_filter, text, int, text, bigint, int) is $$
The same in the order of names: one walk of dealer_party_walk, which holds what is filtered.
cost: rows shown, and 0.1 us for each of the dealer's that a filter of the index leaves out$$;

create function core.people_pool(p_is_pool boolean, p_q text, p_city text, n int, p_after text)
returns table (party_id bigint, public_id uuid, kind core.party_kind, name text, name_sort text, city text, phone text, phone_masked text,
    email_masked text, abc core.abc, state core.right_state, brand_id smallint, line core.line, protect_until timestamptz,
    level core.see_level, dealer_name text)
language plpgsql stable as $$
declare v_name text := coalesce(core.cursor_part(p_after, 1), ''); v_id bigint := coalesce(core.cursor_party(p_after), 0); v_q text := core.name_fold(p_q);
begin
    return query
    select p.party_id, p.public_id, p.kind, p.name::text, p.name_sort, p.city, case when p.router_level = 'FULL' then c.phone end, c.phone_masked,
           c.email_masked, p.abc, o.state, o.brand_id, o.line, o.protect_until, p.router_level, o.dealer_name
    from (
        (select x.* from core.party x where coalesce(p_is_pool, true) and p_q is null and x.is_pool and x.source <> 'undone' and x.erased_at is null
            and (x.name_sort, x.party_id) > (v_name, v_id) and (p_city is null or x.city = p_city)
         order by x.name_sort, x.party_id limit n)
        union all
        (select x.* from core.party x where not coalesce(p_is_pool, true) and p_q is null and x.source <> 'undone' and x.erased_at is null
            and (x.name_sort, x.party_id) > (v_name, v_id) and (p_city is null or x.city = p_city)
         order by x.name_sort, x.party_id limit n)
        union all
        (select x.* from core.party x where v_q <> '' and x.name_search >= v_q and x.name_search < core.key_range_end(v_q) and x.source <> 'undone' and x.erased_at is null
            and (p_is_pool is null or x.is_pool = p_is_pool) and (x.name_sort, x.party_id) > (v_name, v_id)
            and (p_city is null or x.city = p_city)
         order by x.name_sort, x.party_id limit n)) p
    cross join lateral core.router_contacts(p.party_id) c
    left join lateral (
        select y.state, y.brand_id, y.line, y.protect_until, q.name as dealer_name
        from core.ownership y join core.dealer q on q.dealer_id = y.dealer_id
        where y.party_id = p.party_id and y.state <> 'CLOSED' order by y.since desc limit 1) o on true
    order by p.name_sort, p.party_id limit n;
end $$;
comment on function core.people_pool(boolean, text, text, int, text) is $$
A router's page: the pool by name (default), or everybody with contacts masked as D.14 says.
in: p_is_pool NULL with p_q = both    cost: one index walk    source: R6$$;

create function core.router_contacts(p_party bigint, out phone text, out phone_masked text, out email_masked text)
language plpgsql stable security definer set search_path = '' as $$
declare seen core.see_level;
begin
    if session.role_bit() <> 4 then return; end if;
    select p.router_level into seen from core.party p where p.party_id = p_party;
    select c.value into phone from core.contact_point c where c.party_id = p_party and c.kind = 'PHONE' and c.is_valid
    order by c.is_primary desc, c.contact_id limit 1;
    select core.email_mask(c.value) into email_masked from core.contact_point c where c.party_id = p_party and c.kind = 'EMAIL' and c.is_valid
    order by c.is_primary desc, c.contact_id limit 1;
    phone_masked := core.phone_mask(phone);
    if seen is distinct from 'FULL' then phone := null; end if;
end $$;
comment on function core.router_contacts(bigint) is 'A person''s first phone and e-mail for a router: masked unless the person is free or offered. Nothing for others.';

create function core.router_find(p_q text, n int) returns table (party_id bigint, kind text)
language plpgsql stable security definer set search_path = '' as $$
begin
    if session.role_bit() <> 4 then return; end if;
    return query select m.party_id, lower(m.kind::text) from core.match_key m
        where (m.kind, m.value) in (('PHONE'::core.key_kind, core.phone_norm(p_q, null)), ('EMAIL', core.email_norm(p_q)), ('VIN', core.vin_norm(p_q)),
                                    ('PLATE', core.plate_norm(p_q)), ('INN', core.inn_norm(p_q))) limit n;
end $$;
comment on function core.router_find(text, int) is 'People by a whole phone, e-mail, VIN, plate or INN, for routers only. A part of one finds nobody: it would unmask.';
