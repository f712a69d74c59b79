-- SPDX-License-Identifier: Apache-2.0
-- How one wants to be told (R143): letters by kind, one digest a day, quiet hours. Urgent kinds cannot be silenced.

create type api.notice_settings as (kinds json, muted text[], is_digest boolean, digest_hour int, quiet_from int, quiet_to int);

create function api.notice_settings_get() returns api.notice_settings language sql stable begin atomic
    select (select json_agg(json_build_object('kind', k.kind, 'is_urgent', k.is_urgent, 'by_email', k.by_email, 'due_min', k.due_min) order by k.rank) from core.notice_kind k),
        coalesce(q.muted, '{}'), coalesce(q.is_digest, false), coalesce(q.digest_hour, 9)::int, q.quiet_from::int, q.quiet_to::int
    from (select 1) one left join core.notice_setting q on q.staff_id = (select session.staff());
end;
comment on function api.notice_settings_get is $$
Show how the caller is told of things: kinds of notice, which come by letter, digest, quiet hours.
out: kinds with is_urgent (never silenced: N1, N8, N13, N14), muted kinds, digest and its hour, quiet hours of the day    rule: R143 $$;

create function api.notice_settings_put(p_muted text[] default '{}', p_is_digest boolean default false, p_digest_hour int default 9,
    p_quiet_from int default null, p_quiet_to int default null)
returns api.notice_settings language plpgsql volatile security definer set search_path = '' as $$
begin
    if exists (select from unnest(p_muted) m where m not in (select k.kind from core.notice_kind k)) or coalesce(cardinality(p_muted), 0) > 40 then
        perform core.fail('ZC402', 'muted');
    end if;
    if exists (select from core.notice_kind k where k.is_urgent and k.kind = any (p_muted)) then perform core.fail('ZC143', 'muted'); end if;
    if coalesce(p_digest_hour, 9) not between 0 and 23 then perform core.fail('ZC402', 'digest_hour'); end if;
    if coalesce(p_quiet_from, 0) not between 0 and 23 then perform core.fail('ZC402', 'quiet_from'); end if;
    if coalesce(p_quiet_to, 0) not between 0 and 23 or (p_quiet_from is null) <> (p_quiet_to is null) then perform core.fail('ZC402', 'quiet_to'); end if;
    insert into core.notice_setting as q (staff_id, muted, is_digest, digest_hour, quiet_from, quiet_to)
    values (session.staff(), coalesce(p_muted, '{}'), coalesce(p_is_digest, false), coalesce(p_digest_hour, 9), p_quiet_from, p_quiet_to)
    on conflict (staff_id) do update set muted = excluded.muted, is_digest = excluded.is_digest, digest_hour = excluded.digest_hour,
        quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to;
    return api.notice_settings_get();
end $$;
comment on function api.notice_settings_put is $$
Change how the caller is told: muted - kinds without letters; one digest a day at digest_hour; quiet_from, quiet_to - hours where he works.
out: the settings    errors: bad-field, notice-urgent (N1, N8, N13 and N14 are never silenced)    rule: R143 $$;
