-- SPDX-License-Identifier: Apache-2.0
-- Groups of companies, key accounts and carve-outs: head office's routers name owners (R64, R67).

create type api.company_group as (id uuid, version int, name text, members int, keys json, cursor_ text);
create type api.company_group_whole as (id uuid, version int, name text, members json, keys json, carve_outs json);
create type api.group_made as (id uuid);
create type api.group_done as (ok boolean);

create function core.key_card(k core.key_account) returns json
language plpgsql stable as $$
begin
    return (select json_build_object('id', k.public_id, 'brand_id', k.brand_id, 'brand', b.name, 'dealer_id', case when d.dealer_id > 0 then d.public_id end,
        'dealer', d.name, 'is_hq', k.dealer_id = 0, 'from_on', k.from_on, 'to_on', k.to_on, 'reason', k.reason, 'ended_at', k.ended_at,
        'in_force', (select count(*) from core.carve_out v where v.key_id = k.key_id and v.state = 'IN_FORCE'),
        'waiting', (select count(*) from core.carve_out v where v.key_id = k.key_id and v.state = 'PLANNED'))
        from core.brand b, core.dealer d where b.brand_id = k.brand_id and d.dealer_id = k.dealer_id);
end $$;
comment on function core.key_card(core.key_account) is 'A key account as routers see it, with how many members are in force and how many wait. source: R64, R67';

create function api.company_groups_list(p_q core.search_text default null, p_limit int default null, p_after text default null)
returns setof api.company_group language sql stable security definer set search_path = '' as $$
    select g.public_id, g.version, g.name::text,
        (select count(*)::int from core.company_group_member m where m.group_id = g.group_id and m.to_on is null),
        (select coalesce(json_agg(core.key_card(k) order by k.brand_id), '[]') from core.key_account k where k.group_id = g.group_id and k.ended_at is null),
        g.group_id::text
    from core.company_group g
    where session.role_bit() = 4 and g.group_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
      and (p_q is null or strpos(lower(g.name), lower(p_q)) > 0)
    order by g.group_id desc limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.company_groups_list is 'Groups of companies, newest first, with their key accounts. in: q - part of the name. out: groups. rule: R64';

create function core.group_of(p_group uuid) returns core.company_group
language plpgsql volatile set search_path = '' as $$
declare g core.company_group;
begin
    select x.* into g from core.company_group x where x.public_id = p_group for update;
    if g.group_id is null then perform core.fail('ZC404'); end if;
    return g;
end $$;
comment on function core.group_of(uuid) is 'Lock a group. errors: ZC404';

create function api.company_group_get(p_group_id uuid) returns api.company_group_whole
language plpgsql stable security definer set search_path = '' as $$
declare g core.company_group; r api.company_group_whole;
begin
    select x.* into g from core.company_group x where x.public_id = p_group_id;
    if g.group_id is null then perform core.fail('ZC404'); end if;
    r.id := g.public_id; r.version := g.version; r.name := g.name;
    r.members := (select coalesce(json_agg(json_build_object('id', p.public_id, 'name', p.name, 'inn', c.inn, 'city', p.city, 'from_on', m.from_on,
            'branches', (select count(*) from core.company b where b.head_id = c.party_id)) order by p.name_sort, p.party_id), '[]')
        from (select y.* from core.company_group_member y where y.group_id = g.group_id and y.to_on is null order by y.from_on desc limit 500) m
        join core.company c on c.party_id = m.party_id join core.party p on p.party_id = m.party_id);
    r.keys := (select coalesce(json_agg(core.key_card(k) order by k.ended_at nulls first, k.brand_id), '[]') from (
        select y.* from core.key_account y where y.group_id = g.group_id order by y.key_id desc limit 100) k);
    r.carve_outs := (select coalesce(json_agg(core.carve_card(v) order by v.state, v.from_on), '[]') from (
        select y.* from core.carve_out y join core.company c on c.party_id = y.party_id
        join core.company_group_member m on m.party_id = coalesce(c.head_id, c.party_id) and m.group_id = g.group_id and m.to_on is null
        where y.state <> 'ENDED' order by y.carve_id desc limit 500) v);
    return r;
end $$;
comment on function api.company_group_get is 'One group: members, key accounts, carve-outs of its companies. in: group_id. out: one document. errors: not-found. rule: R64';

create function api.company_group_add(p_name core.name_text) returns api.group_made
language plpgsql volatile security definer set search_path = '' as $$
declare r api.group_made;
begin
    if btrim(p_name) = '' then perform core.fail('ZC400', 'name'); end if;
    insert into core.company_group (name) values (btrim(p_name)) returning public_id into r.id;
    perform core.ledger_add('group.add', r.id::text, null, 'R64', '{}');
    return r;
end $$;
comment on function api.company_group_add is 'Make a group of companies. in: name. out: id. errors: missing-field. rule: R64';

create function api.group_member_add(p_group_id uuid, p_person_id uuid, p_from_on date default null) returns api.group_done
language plpgsql volatile security definer set search_path = '' as $$
declare g core.company_group := core.group_of(p_group_id); v_party bigint := core.company_mine(p_person_id); c core.company; v_on date := coalesce(p_from_on, core.today()); k record;
begin
    c := core.company_take(v_party, 0);
    if c.head_id is not null then perform core.fail('ZC064', 'person_id'); end if;
    if v_on > core.today() + 1 or v_on < '1990-01-01' then perform core.fail('ZC402', 'from_on'); end if;
    if exists (select from core.company_group_member m where m.party_id = v_party and m.to_on is null) then
        perform core.fail('ZC402', 'person_id', '{"reason": "member"}');
    end if;
    insert into core.company_group_member (group_id, party_id, from_on) values (g.group_id, v_party, v_on)
    on conflict (group_id, party_id, from_on) do update set to_on = null;
    for k in select x.key_id from core.key_account x where x.group_id = g.group_id and x.ended_at is null loop perform core.key_spread(k.key_id); end loop;
    perform core.ledger_add('group.member', g.public_id::text, v_party, 'R64', '{}');
    perform core.clock_carve();
    return row(true)::api.group_done;
end $$;
comment on function api.group_member_add is $$
Take a company into a group; a key account of the group holds for it from that day.
in: group_id; person_id of the company; from_on    out: ok    errors: not-found, no-company, bad-field - also a member of a group    rule: R64 $$;

create function api.group_member_end(p_group_id uuid, p_person_id uuid) returns api.group_done
language plpgsql volatile security definer set search_path = '' as $$
declare g core.company_group := core.group_of(p_group_id); v_party bigint := core.visible_party(p_person_id); k record;
begin
    update core.company_group_member m set to_on = greatest(core.today(), m.from_on) where m.group_id = g.group_id and m.party_id = v_party and m.to_on is null;
    if not found then perform core.fail('ZC404'); end if;
    for k in select x.key_id from core.key_account x where x.group_id = g.group_id and x.ended_at is null loop perform core.key_spread(k.key_id); end loop;
    perform core.ledger_add('group.member_end', g.public_id::text, v_party, 'R64', '{}');
    return row(true)::api.group_done;
end $$;
comment on function api.group_member_end is 'A company leaves a group; the key account''s hold on it ends, orders and customers stay their term. in: group_id, person_id. out: ok. errors: not-found. rule: R64, R67';

create function core.owner_named(p_dealer uuid, p_brand int, p_line core.line) returns int
language plpgsql stable set search_path = '' as $$
declare v int;
begin
    if core.brand_of(p_brand::text) is null then perform core.fail('ZC402', 'brand_id'); end if;
    if p_dealer is null then return 0; end if;
    select d.dealer_id into v from core.dealer d join core.dealer_brand b on b.dealer_id = d.dealer_id and b.brand_id = p_brand and b.line = p_line
    where d.public_id = p_dealer and d.is_active and d.dealer_id > 0;
    if v is null then perform core.fail('ZC402', 'dealer_id'); end if;
    return v;
end $$;
comment on function core.owner_named(uuid, int, core.line) is 'The owner whom a router names: an active dealer of this brand and line; none = head office. errors: ZC402 brand_id, dealer_id. source: R64, R75';

create function core.dates_named(p_from date, p_to date) returns void
language plpgsql stable as $$
begin
    if p_from < core.today() - 31 or p_from > core.today() + 366 then perform core.fail('ZC402', 'from_on'); end if;
    if p_to <= greatest(p_from, core.today()) or p_to > p_from + 1827 then perform core.fail('ZC402', 'to_on'); end if;
end $$;
comment on function core.dates_named(date, date) is 'Bounds of the dates of a named owner: it begins within a year and lasts at most five. errors: ZC402';

create function api.key_account_add(p_group_id uuid, p_brand_id int, p_from_on date, p_to_on date, p_reason core.short_text, p_dealer_id uuid default null)
returns api.group_made language plpgsql volatile security definer set search_path = '' as $$
declare g core.company_group := core.group_of(p_group_id); v_dealer int := core.owner_named(p_dealer_id, p_brand_id, 'FLEET'); r api.group_made; v_key bigint;
begin
    perform core.dates_named(p_from_on, p_to_on);
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if exists (select from core.key_account k where k.group_id = g.group_id and k.brand_id = p_brand_id and k.ended_at is null) then perform core.fail('ZC067', 'brand_id'); end if;
    insert into core.key_account (group_id, brand_id, dealer_id, from_on, to_on, reason, made_by)
    values (g.group_id, p_brand_id, v_dealer, p_from_on, p_to_on, p_reason, session.staff()) returning public_id, key_id into r.id, v_key;
    perform core.ledger_add('key.add', r.id::text, null, 'R64', jsonb_build_object('dealer', v_dealer), p_brand_id::smallint, 'FLEET');
    perform core.key_spread(v_key);
    perform core.clock_carve();
    return r;
end $$;
comment on function api.key_account_add is $$
Make a group a key account: head office, or a named dealer, holds FLEET of a brand for all members. A signed order of another dealer stays
his until the delivery or his agreement.
in: group_id; brand_id; dealer_id - none = head office; from_on, to_on - at most five years; reason    out: id
errors: not-found, bad-field, reason-missing, carve-out-exists    rule: R64, R67, R75 $$;

create function api.key_account_end(p_key_id uuid) returns api.group_done
language plpgsql volatile security definer set search_path = '' as $$
declare v_key bigint;
begin
    update core.key_account k set ended_at = core.now() where k.public_id = p_key_id and k.ended_at is null returning k.key_id into v_key;
    if v_key is null then perform core.fail('ZC404'); end if;
    perform core.key_spread(v_key);
    perform core.ledger_add('key.end', p_key_id::text, null, 'R64', '{}');
    return row(true)::api.group_done;
end $$;
comment on function api.key_account_end is 'End a key account today: prospects become free again, orders and customers stay their term. in: key_id. out: ok. errors: not-found. rule: R64, R67';

create function api.carve_out_add(p_person_id uuid, p_brand_id int, p_line core.line, p_from_on date, p_to_on date, p_reason core.short_text,
    p_dealer_id uuid default null)
returns api.group_made language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.company_mine(p_person_id); v_dealer int := core.owner_named(p_dealer_id, p_brand_id, p_line); r api.group_made; v_carve bigint;
begin
    perform core.company_take(v_party, 0);
    perform core.dates_named(p_from_on, p_to_on);
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    insert into core.carve_out (party_id, brand_id, line, dealer_id, from_on, to_on, reason, made_by)
    values (v_party, p_brand_id, p_line, v_dealer, p_from_on, p_to_on, p_reason, session.staff())
    on conflict (party_id, brand_id, line) where state <> 'ENDED' do nothing returning public_id, carve_id into r.id, v_carve;
    if r.id is null then perform core.fail('ZC067', 'line'); end if;
    perform core.ledger_add('carve.add', r.id::text, v_party, 'R64', jsonb_build_object('dealer', v_dealer), p_brand_id::smallint, p_line);
    perform core.carve_start(v_carve);
    return r;
end $$;
comment on function api.carve_out_add is $$
Name another owner for a company's branch, with dates. It starts on its day; a signed order of another dealer is waited for.
in: person_id of the branch or company; brand_id; line; dealer_id - none = head office; from_on, to_on; reason    out: id
errors: not-found, no-company, bad-field, reason-missing, carve-out-exists    rule: R64, R67 $$;

create function api.carve_out_end(p_carve_id uuid) returns api.group_done
language plpgsql volatile security definer set search_path = '' as $$
declare v bigint;
begin
    select c.carve_id into v from core.carve_out c where c.public_id = p_carve_id and c.state <> 'ENDED' and c.key_id is null for update;
    if v is null then perform core.fail('ZC404'); end if;
    perform core.carve_end(v);
    return row(true)::api.group_done;
end $$;
comment on function api.carve_out_end is 'End a carve-out today: the branch is the company''s again. in: carve_id - one of a key account ends with it. out: ok. errors: not-found. rule: R64';

create function api.carve_out_agree(p_carve_id uuid) returns api.group_done
language plpgsql volatile security definer set search_path = '' as $$
declare c core.carve_out;
begin
    select x.* into c from core.carve_out x where x.public_id = p_carve_id and x.state = 'PLANNED' for update;
    if c.carve_id is null or not exists (select from core.ownership o where o.party_id = c.party_id and o.brand_id = c.brand_id and o.line = c.line
                                         and o.dealer_id = session.dealer() and o.state = 'HELD') then
        perform core.fail('ZC404');
    end if;
    update core.carve_out x set is_agreed = true where x.carve_id = c.carve_id;
    perform core.ledger_add('carve.agree', p_carve_id::text, c.party_id, 'R67', '{}', c.brand_id, c.line);
    perform core.carve_start(c.carve_id);
    return row(true)::api.group_done;
end $$;
comment on function api.carve_out_agree is 'The owner of a signed order lets a carve-out start before the delivery. in: carve_id. out: ok. errors: not-found - also when he holds no order. rule: R67';
