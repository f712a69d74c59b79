-- SPDX-License-Identifier: Apache-2.0
-- Merges that were made, and their undo (R29).

create type api.merge_item as (id uuid, survivor_id uuid, survivor_name text, merged_name text, merged_at timestamptz, merged_by text, alone_until timestamptz,
    rights json, moved json, undone_at timestamptz, undone_by text, reason text, is_asked boolean, cursor_ text);

create function api.merges_list(p_limit int default null, p_after text default null)
returns setof api.merge_item language sql stable security definer set search_path = '' as $$
select g.public_id, p.public_id, p.name::text, m.name::text, g.merged_at, a.name, g.alone_until, (g.result -> 'rights')::json, (g.result -> 'moved')::json,
       g.undone_at, b.name, g.reason::text,
       exists (select from core.approval x where x.kind = 'unmerge' and x.subject = g.public_id and x.state = 'ASKED' and x.until_at > core.now()),
       g.merge_id::text
from core.merge g join core.party p on p.party_id = g.survivor_id join core.party m on m.party_id = g.merged_id
left join core.staff a on a.staff_id = g.merged_by left join core.staff b on b.staff_id = g.undone_by
where g.merge_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
order by g.merge_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.merges_list is 'Merges, newest first: who became one, what moved, until when one person may take it back, and what was undone. rule: R28, R29';

create function api.merge_undo(p_merge_id uuid, p_reason core.short_text) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare g core.merge; asked uuid;
begin
    select x.* into g from core.merge x where x.public_id = p_merge_id for update;
    if g.merge_id is null then perform core.fail('ZC404'); end if;
    if g.undone_at is not null then perform core.fail('ZC028'); end if;
    if coalesce(btrim(p_reason), '') = '' then perform core.fail('ZC057', 'reason'); end if;
    if g.alone_until <= core.now() then
        asked := core.approval_ask('unmerge', g.public_id, jsonb_build_object('reason', left(btrim(p_reason), 400), 'merged_at', g.merged_at));
        return json_build_object('id', g.public_id, 'approval_id', asked);
    end if;
    g := core.merge_undo(g.merge_id, p_reason);
    return json_build_object('id', g.public_id, 'undone_at', g.undone_at);
end $$;
comment on function api.merge_undo is $$
Take a merge back. Within thirty days at once; later a second person must grant it, and approval_id names what waits for him.
errors: not-found, merge-state undone already, merge-later, reason-missing, approval-open    rule: R29 $$;
