-- SPDX-License-Identifier: Apache-2.0
-- Files on a record. The bytes lie in files_dir under their SHA-256; a dealer sees only what its own people attached.

create type api.attachment as (id uuid, name text, media_type text, size_bytes bigint, created_at timestamptz, staff_name text,
  cursor_ text);

create function api.attachments_list(p_person_id uuid, p_limit int default null, p_after text default null)
returns setof api.attachment language sql stable begin atomic
  select a.public_id, a.name::text, a.media_type, a.size_bytes, a.created_at, s.name, a.attachment_id::text
  from core.dealer_party d
  join core.attachment a on a.dealer_id = d.dealer_id and a.party_id = d.party_id
  left join core.staff s on s.staff_id = a.staff_id
  where d.dealer_id = (select session.dealer()) and d.party_id = core.visible_party(p_person_id) and a.deleted_at is null
    and a.attachment_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
  order by a.attachment_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.attachments_list is $$
List the files that the calling dealer attached to a person, newest first.
in: person_id    out: name, type, size in bytes, who and when    rule: R133 $$;

create function api.attachment_add(p_person_id uuid, p_name core.short_text, p_upload_sha256 text, p_upload_bytes bigint,
  p_upload_type text default null)
returns api.attachment language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); a api.attachment; v_id bigint;
begin
  if length(btrim(p_name)) = 0 or p_name ~ '[[:cntrl:]/\\]' then perform core.fail('ZC402', 'name'); end if;
  if p_upload_bytes = 0 then perform core.fail('ZC400', 'body'); end if;
  insert into core.attachment (party_id, dealer_id, staff_id, name, media_type, size_bytes, sha256)
  values (v_party, session.dealer(), session.staff(), p_name,
    coalesce(left(p_upload_type, 100), 'application/octet-stream'), p_upload_bytes, p_upload_sha256)
  returning attachment_id into v_id;
  perform core.ledger_add('attachment.add', p_person_id::text, v_party, 'R101',
    jsonb_build_object('sha256', p_upload_sha256));
  select x.public_id, x.name, x.media_type, x.size_bytes, x.created_at, s.name, null into a
  from core.attachment x join core.staff s on s.staff_id = x.staff_id where x.attachment_id = v_id;
  return a;
end $$;
comment on function api.attachment_add is $$
Attach an uploaded file to a person; its hash is kept as evidence (R101).
in: person_id; name - 1-400 characters without / and \; the body is the file, at most 20 MiB
out: the attachment    errors: not-found, bad-field, missing-field (empty file) $$;

create type api.download as (sha256 text, name text, type text);

create function api.attachment_get(p_attachment_id uuid) returns api.download language sql stable begin atomic
  select a.sha256, a.name::text, a.media_type from core.attachment a
  join core.dealer_party d on d.dealer_id = a.dealer_id and d.party_id = a.party_id
  where a.dealer_id = (select session.dealer()) and a.public_id = p_attachment_id and a.deleted_at is null;
end;
comment on function api.attachment_get is $$
Send one attached file. in: attachment_id. out: the file, always as a download. errors: not-found. rule: R133 $$;

create function api.attachment_delete(p_attachment_id uuid) returns void language plpgsql volatile security definer
set search_path = '' as $$
declare v_party bigint;
begin
  update core.attachment a set deleted_at = core.now()
  where a.public_id = p_attachment_id and a.dealer_id = session.dealer() and a.deleted_at is null
    and (session.role_bit() = 16 or a.staff_id = session.staff())
  returning a.party_id into v_party;
  if v_party is null then perform core.fail('ZC404'); end if;
  perform core.ledger_add('attachment.delete', p_attachment_id::text, v_party, 'R101', '{}');
end $$;
comment on function api.attachment_delete is $$
Take a file off the record: by who attached it, or the manager. The bytes stay for the ledger's hash.
in: attachment_id    errors: not-found $$;
