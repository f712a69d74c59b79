-- SPDX-License-Identifier: Apache-2.0
-- Evidence of a dealer (R101): upload, notes, list, download. The other side never sees it (R105); an arbiter in his dispute does.

create type api.evidence as (id uuid, kind text, weight int, name text, happened_at timestamptz, media_type text, size_bytes bigint,
    sha256 text, at timestamptz, staff_name text, cursor_ text);

create function core.evidence_row(e core.evidence) returns api.evidence
language plpgsql stable as $$
begin
    return (select row(e.public_id, e.kind, k.weight, e.name, e.happened_at, e.media_type, e.size_bytes, e.sha256, e.at, s.name,
        e.evidence_id::text)::api.evidence
    from core.evidence_kind k, core.staff s where k.kind = e.kind and s.staff_id = e.staff_id);
end $$;
comment on function core.evidence_row(core.evidence) is 'A piece of evidence as told to its own side and to the arbiter.';

create function api.evidence_add(p_kind core.search_text, p_happened_at timestamptz, p_name core.short_text, p_upload_sha256 text,
    p_upload_bytes bigint, p_upload_type text default null)
returns api.evidence language plpgsql volatile security definer set search_path = '' as $$
begin
    if p_upload_bytes = 0 then perform core.fail('ZC400', 'body'); end if;
    return core.evidence_row(core.evidence_make(p_kind, p_happened_at, p_name, coalesce(p_upload_type, 'application/octet-stream'),
        p_upload_bytes, p_upload_sha256, null));
end $$;
comment on function api.evidence_add is $$
Upload a piece of evidence: its SHA-256 is taken on the way in and it can never be replaced.
in: kind choice | order | test_drive | consent | incoming | visit | offer | email; happened_at - when it happened; name; the body is the file, at most 20 MiB
out: the evidence with sha256 and weight    errors: bad-field, missing-field (empty file), evidence-quota    rule: R101 $$;

create function api.evidence_note(p_happened_at timestamptz, p_name core.short_text, p_text core.long_text)
returns api.evidence language plpgsql volatile security definer set search_path = '' as $$
begin
    if length(btrim(p_text)) = 0 then perform core.fail('ZC400', 'text'); end if;
    return core.evidence_row(core.evidence_make('note', p_happened_at, p_name, 'text/plain', octet_length(p_text),
        encode(pg_catalog.sha256(convert_to(p_text, 'UTF8')), 'hex'), p_text));
end $$;
comment on function api.evidence_note is $$
Write a manual note as evidence: the weakest kind (R101). The hash is of its text in UTF-8.
in: happened_at; name; text    out: the evidence    errors: bad-field, missing-field, evidence-quota    rule: R101 $$;

create function api.evidence_list(p_limit int default null, p_after text default null)
returns setof api.evidence language sql stable begin atomic
    select e.public_id, e.kind, k.weight, e.name::text, e.happened_at, e.media_type, e.size_bytes, e.sha256, e.at, s.name, e.evidence_id::text
    from core.evidence e join core.evidence_kind k on k.kind = e.kind left join core.staff s on s.staff_id = e.staff_id
    where e.dealer_id = (select session.dealer()) and e.evidence_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    order by e.evidence_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.evidence_list is $$
List the evidence of the calling dealer, newest first: a manager all of it, a seat its own.
out: kind, weight, when, name, size, sha256    rule: R101, R105 $$;
