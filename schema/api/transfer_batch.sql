-- SPDX-License-Identifier: Apache-2.0
-- Bulk transfers as head office orders them: dry run, a second person, effective date, progress, result.

create type api.transfer_batch as (id uuid, from_dealer text, is_ceasing boolean, reason text, brand_id int, line core.line, city text, mode text, targets json,
    effective_at timestamptz, counts json, state text, total int, moved int, stayed int, asked_by text, approved_by text, created_at timestamptz,
    started_at timestamptz, done_at timestamptz, job_id uuid, approval_id uuid, can_ask boolean, can_cancel boolean, cursor_ text);

create function core.transfer_batch_row(b core.transfer_batch) returns api.transfer_batch
language plpgsql stable as $$
begin
    return (select row(b.public_id, d.name, b.is_ceasing, b.reason, b.brand_id::int, b.line, b.city, b.mode,
        (select json_agg(json_build_object('dealer', x.name, 'share', (t ->> 'share')::int)) from jsonb_array_elements(b.targets) t join core.dealer x on x.dealer_id = (t ->> 'dealer_id')::int),
        b.effective_at, b.counts::json, b.state, b.total, b.moved, b.stayed, s.name, y.name, b.created_at, b.started_at, b.done_at, j.public_id, a.public_id,
        b.state = 'CHECKED' and session.role_bit() = 4, b.state in ('CHECKED', 'ASKED', 'APPROVED') and session.role_bit() = 4, core.cursor_make(b.batch_id::text, b.public_id))::api.transfer_batch
    from core.dealer d join core.staff s on s.staff_id = b.asked_by
    left join core.job j on j.job_id = b.job_id left join core.approval a on a.approval_id = b.approval_id left join core.staff y on y.staff_id = a.decided_by
    where d.dealer_id = b.from_dealer_id);
end $$;
comment on function core.transfer_batch_row(core.transfer_batch) is 'A bulk transfer as head office reads it: counts, never people.';

create function api.transfer_batch_add(p_from_dealer_id uuid, p_reason text, p_is_ceasing boolean, p_targets json, p_mode text default 'one', p_brand_id int default null,
    p_line core.line default null, p_city core.search_text default null, p_effective_at timestamptz default null)
returns api.transfer_batch language plpgsql volatile security definer set search_path = '' as $$
declare b core.transfer_batch; v_from int; v_targets jsonb;
begin
    select d.dealer_id into v_from from core.dealer d where d.public_id = p_from_dealer_id;
    if v_from is null then perform core.fail('ZC402', 'from_dealer_id'); end if;
    if p_reason is null or p_reason not in ('owner_consent', 'dealer_closed', 'dealer_terminated', 'dealer_sold', 'territory', 'key_account') then perform core.fail('ZC402', 'reason'); end if;
    if p_is_ceasing and (v_from = 0 or p_reason not in ('dealer_closed', 'dealer_terminated', 'dealer_sold') or p_brand_id is not null or p_line is not null or p_city is not null) then
        perform core.fail('ZC402', 'is_ceasing');      -- who ceases ceases whole
    end if;
    if p_mode is null or p_mode not in ('one', 'shares', 'territory') then perform core.fail('ZC402', 'mode'); end if;
    if p_effective_at is not null and (p_effective_at < core.now() - interval '1 minute' or p_effective_at > core.now() + interval '366 days') then perform core.fail('ZC402', 'effective_at'); end if;
    if p_brand_id is not null and not exists (select from core.brand x where x.brand_id = p_brand_id) then perform core.fail('ZC402', 'brand_id'); end if;
    if json_typeof(p_targets) is distinct from 'array' or json_array_length(p_targets) not between 1 and 100 then perform core.fail('ZC402', 'targets'); end if;
    if exists (select from json_array_elements(p_targets) t where json_typeof(t) <> 'object' or coalesce(t ->> 'share', '1') !~ '^[1-9][0-9]{0,3}$') then
        perform core.fail('ZC402', 'targets');
    end if;
    select jsonb_agg(jsonb_build_object('dealer_id', d.dealer_id, 'share', coalesce(t.t ->> 'share', '1')::int) order by t.n) into v_targets
    from json_array_elements(p_targets) with ordinality t(t, n) join core.dealer d on d.public_id::text = lower(t.t ->> 'dealer_id') and d.is_active and d.dealer_id not in (0, v_from);
    if coalesce(jsonb_array_length(v_targets), 0) <> json_array_length(p_targets) or (p_mode = 'one' and jsonb_array_length(v_targets) <> 1)
       or (select count(distinct x ->> 'dealer_id') from jsonb_array_elements(v_targets) x) <> jsonb_array_length(v_targets) then
        perform core.fail('ZC402', 'targets');
    end if;
    insert into core.transfer_batch (from_dealer_id, is_ceasing, reason, brand_id, line, city, mode, targets, effective_at, asked_by)
    values (v_from, p_is_ceasing, p_reason, p_brand_id, p_line, nullif(btrim(p_city), ''), p_mode, v_targets, coalesce(p_effective_at, core.now()), session.staff())
    returning * into b;
    b.counts := core.batch_count(b);
    update core.transfer_batch x set counts = b.counts, total = (b.counts ->> 'total')::int where x.batch_id = b.batch_id returning x.* into b;
    perform core.ledger_add('transfer.batch_check', b.public_id::text, null, 'R131', b.counts - 'targets');
    return core.transfer_batch_row(b);
end $$;
comment on function api.transfer_batch_add is $$
Dry run of a bulk transfer: nothing moves.
in: from_dealer_id; reason of R126; is_ceasing - the dealer ends: signed orders move too, unanswered offers go to the pool, no filter;
    targets [{dealer_id, share}]; mode one | shares | territory (the dealer of the person's city first); brand_id, line, city; effective_at
out: counts by state, held, disputed, locked, covered by consent, by target    errors: bad-field    rule: R131 $$;

create function api.transfer_batches_list(p_limit int default null, p_after text default null)
returns setof api.transfer_batch language sql stable security definer set search_path = '' as $$
select r.* from core.transfer_batch b cross join lateral core.transfer_batch_row(b) r
where b.batch_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
order by b.batch_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.transfer_batches_list is 'Bulk transfers, the newest first: counts, state, who asked and who granted. rule: R131';

create function api.transfer_batch_get(p_batch_id uuid) returns api.transfer_batch language sql stable security definer set search_path = '' as $$
select r.* from core.transfer_batch b cross join lateral core.transfer_batch_row(b) r where b.public_id = p_batch_id $$;
comment on function api.transfer_batch_get is 'One bulk transfer with its progress. errors: not-found    rule: R131';

create function api.transfer_batch_ask(p_batch_id uuid, p_confirm_count int) returns api.transfer_batch
language plpgsql volatile security definer set search_path = '' as $$
declare b core.transfer_batch; c jsonb; done uuid;
begin
    select x.* into b from core.transfer_batch x where x.public_id = p_batch_id for update;
    if b.batch_id is null then perform core.fail('ZC404'); end if;
    if b.state <> 'CHECKED' then perform core.fail('ZC124', null, jsonb_build_object('state', b.state)); end if;
    if p_confirm_count is distinct from (b.counts ->> 'move')::int then
        perform core.fail('ZC125', 'confirm_count', jsonb_build_object('move', (b.counts ->> 'move')::int));
    end if;
    begin
        update core.transfer_batch x set state = 'ASKED' where x.batch_id = b.batch_id returning x.* into b;
    exception when unique_violation then perform core.fail('ZC126');
    end;
    c := b.counts - 'targets' || jsonb_build_object('from', (select d.name from core.dealer d where d.dealer_id = b.from_dealer_id), 'is_ceasing', b.is_ceasing,
        'reason', b.reason, 'effective_at', b.effective_at, 'targets', b.counts -> 'targets');
    done := core.approval_ask('transfer_batch', b.public_id, c);
    update core.transfer_batch x set asked_by = session.staff() where x.batch_id = b.batch_id returning x.* into b;
    return core.transfer_batch_row(b);
end $$;
comment on function api.transfer_batch_ask is $$
Ask a second person to grant a bulk transfer; he reads the counts of the dry run.
in: batch_id; confirm_count - the number that moves, typed by the one who asks
errors: not-found, batch-state, batch-count, batch-open - another one of this dealer waits or runs, approval-open    rule: R131 $$;

create function api.transfer_batch_cancel(p_batch_id uuid) returns api.transfer_batch
language plpgsql volatile security definer set search_path = '' as $$
declare b core.transfer_batch;
begin
    select x.* into b from core.transfer_batch x where x.public_id = p_batch_id for update;
    if b.batch_id is null then perform core.fail('ZC404'); end if;
    if b.state not in ('CHECKED', 'ASKED', 'APPROVED') then perform core.fail('ZC124', null, jsonb_build_object('state', b.state)); end if;
    update core.transfer_batch x set state = 'CANCELLED' where x.batch_id = b.batch_id returning x.* into b;
    update core.approval a set state = 'LAPSED' where a.kind = 'transfer_batch' and a.subject = b.public_id and a.state = 'ASKED';
    update core.job j set state = 'CANCELLED', finished_at = core.now(), lease = null where j.job_id = b.job_id and j.state in ('QUEUED', 'PAUSED');
    perform core.ledger_add('transfer.batch_cancel', b.public_id::text, null, 'R131');
    return core.transfer_batch_row(b);
end $$;
comment on function api.transfer_batch_cancel is 'Give up a bulk transfer before it runs. errors: not-found, batch-state    rule: R131';
