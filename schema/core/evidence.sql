-- SPDX-License-Identifier: Apache-2.0
-- Evidence of the sides (R101): hashed on upload, never replaced, never deleted.

create function core.evidence_keep() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    -- R149: an erasure empties what names a person; hash, size, kind and time stay as they were uploaded
    if tg_op = 'UPDATE' and old.erased_at is null and new.erased_at is not null and new.name = '' and new.note is null
       and (new.evidence_id, new.public_id, new.dealer_id, new.staff_id, new.kind, new.happened_at, new.media_type, new.size_bytes, new.sha256, new.at)
           is not distinct from
           (old.evidence_id, old.public_id, old.dealer_id, old.staff_id, old.kind, old.happened_at, old.media_type, old.size_bytes, old.sha256, old.at) then
        return new;
    end if;
    perform core.fail('ZC101');
    return null;
end $$;
comment on function core.evidence_keep() is 'Trigger of core.evidence: refuses every change but an erasure, whoever writes. errors: ZC101. source: R101, R149';

create trigger evidence_kept before update or delete on core.evidence for each row execute function core.evidence_keep();
create trigger evidence_kept_whole before truncate on core.evidence for each statement execute function core.evidence_keep();

create function core.evidence_make(p_kind text, p_happened_at timestamptz, p_name text, p_type text, p_bytes bigint, p_sha256 text, p_note text)
returns core.evidence language plpgsql volatile set search_path = '' as $$
declare e core.evidence; k core.evidence_kind;
begin
    select x.* into k from core.evidence_kind x where x.kind = p_kind;
    if k.kind is null or k.is_file <> (p_note is null) then perform core.fail('ZC402', 'kind'); end if;
    if p_happened_at is null or p_happened_at > core.now() + interval '1 minute' or p_happened_at < core.now() - interval '20 years' then
        perform core.fail('ZC402', 'happened_at');
    end if;
    if length(btrim(p_name)) = 0 or p_name ~ '[[:cntrl:]/\\]' then perform core.fail('ZC402', 'name'); end if;
    if (select count(*) from core.evidence x where x.dealer_id = coalesce(session.dealer(), 0) and x.at > core.now() - interval '1 day')
       >= core.policy_int('R101.day') then
        perform core.fail('ZC102');
    end if;
    insert into core.evidence (dealer_id, staff_id, kind, happened_at, name, media_type, size_bytes, sha256, note)
    values (coalesce(session.dealer(), 0), session.staff(), p_kind, least(p_happened_at, core.now()), btrim(p_name), left(p_type, 100), p_bytes, p_sha256, p_note)
    returning * into e;
    perform core.ledger_add('evidence.add', e.public_id::text, null, 'R101',
        jsonb_build_object('kind', e.kind, 'sha256', e.sha256, 'bytes', e.size_bytes));
    return e;
end $$;
comment on function core.evidence_make(text, timestamptz, text, text, bigint, text, text) is $$
Keep one piece of evidence in the caller's name, its hash in the ledger.
in: kind of core.evidence_kind; when it happened, not in the future, at most 20 years back; name; type, size and SHA-256 of the file, or p_note
errors: ZC402 kind, happened_at, name; ZC102 the dealer's day is used up    source: R101$$;

create function core.evidence_own(p_ids uuid[], p_dealer int) returns bigint[]
language plpgsql stable set search_path = '' as $$
declare found bigint[];
begin
    if coalesce(cardinality(p_ids), 0) > 20 then perform core.fail('ZC402', 'evidence_ids'); end if;
    found := array(select e.evidence_id from core.evidence e where e.public_id = any (p_ids) and e.dealer_id = p_dealer order by e.evidence_id);
    if cardinality(found) <> (select count(distinct x) from unnest(p_ids) x) then perform core.fail('ZC404', 'evidence_ids'); end if;
    return found;
end $$;
comment on function core.evidence_own(uuid[], int) is $$
The numbers of a dealer's own evidence, by public ids, at most 20.
errors: ZC404 evidence_ids - absent or another's (the same answer), ZC402 too many    source: R101, R105$$;
