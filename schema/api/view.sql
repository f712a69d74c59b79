-- SPDX-License-Identifier: Apache-2.0
-- What belongs to one employee alone: saved views of lists, notices, the profile.

create type api.view as (id uuid, screen text, name text, query text);

create function api.views_list(p_screen text default null) returns setof api.view language sql stable begin atomic
  select v.public_id, v.screen, v.name::text, v.query::text from core.saved_view v
  where v.staff_id = (select session.staff()) and (p_screen is null or v.screen = p_screen)
  order by v.screen, v.name limit 100;
end;
comment on function api.views_list is $$
List the caller's saved views. in: screen - only those of one screen. out: name and the address query that makes the view. $$;

create function api.view_save(p_screen core.search_text, p_name core.search_text, p_query core.long_text)
returns api.view language plpgsql volatile security definer set search_path = '' as $$
declare v api.view;
begin
  if (select count(*) from core.saved_view s where s.staff_id = session.staff()) >= 100 then
    perform core.fail('ZC402', 'name', jsonb_build_object('limit', 100));
  end if;
  insert into core.saved_view as s (staff_id, screen, name, query) values (session.staff(), p_screen, p_name, p_query)
  on conflict (staff_id, screen, name) do update set query = excluded.query
  returning s.public_id, s.screen, s.name, s.query into v;
  return v;
end $$;
comment on function api.view_save is $$
Keep the filters and order of a list under a name; the same name again replaces it.
in: screen, name (1-100 characters), query (as in the address)    out: the view    errors: bad-field (100 views kept) $$;

create function api.view_delete(p_view_id uuid) returns void language plpgsql volatile security definer
set search_path = '' as $$
begin
  delete from core.saved_view s where s.public_id = p_view_id and s.staff_id = session.staff();
  if not found then perform core.fail('ZC404'); end if;
end $$;
comment on function api.view_delete is 'Remove one of the caller''s saved views. in: view_id. errors: not-found.';

create type api.notice as (id uuid, kind text, subject text, at timestamptz, read_at timestamptz, mail_state text, is_escalated boolean, cursor_ text);

create function api.notices_list(p_is_unread boolean default null, p_limit int default null, p_after text default null)
returns setof api.notice language sql stable begin atomic
  select n.public_id, n.kind, n.subject, n.at, n.read_at, n.mail_state, n.occurrence like 'up %', n.notice_id::text from core.notice n
  where n.staff_id = (select session.staff()) and n.notice_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    and (p_is_unread is null or (n.read_at is null) = p_is_unread)
  order by n.notice_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.notices_list is $$
List the caller's notices, newest first (R140: no personal data; R141: once per event).
in: is_unread    out: kind N1-N15, public id of the thing, times, what became of its letter, is_escalated - it was somebody else's $$;

create function api.notices_read(p_ids uuid[]) returns void language plpgsql volatile security definer
set search_path = '' as $$
begin
  update core.notice n set read_at = core.now()
  where n.staff_id = session.staff() and n.read_at is null and n.public_id = any (p_ids);
end $$;
comment on function api.notices_read is $$
Mark notices of the caller as read; unknown ids are passed over. A missed notice never changes a right (R145). $$;

create function api.profile_edit(p_lang text) returns void language plpgsql volatile security definer
set search_path = '' as $$
begin
  if p_lang not in ('ru', 'en') then perform core.fail('ZC402', 'lang'); end if;
  update core.staff s set lang = p_lang, version = s.version + 1 where s.staff_id = session.staff();
end $$;
comment on function api.profile_edit is 'Change the caller''s language. in: lang - ru or en. errors: bad-field.';
