-- SPDX-License-Identifier: Apache-2.0
-- Two connections on one list. Rows of one person take effect in the order of their lines all the same:
--
-- 1. Batches are claimed and their keys locked in the order of their lines: who claims is alone in that (the lock of the turn), and
--    gives the turn on only when he holds every key of his batch, and with it every person his keys are known to belong to. A batch that
--    had to end early keeps the turn until it is over, so nobody overtakes its rest.
-- 2. A later batch that shares a key or a person with one under way ends before that row, and waits for it when it is its first.
-- 3. A batch that died left its rows undone and its claim free: who meets that is behind it out of order, gives up and begins anew with it.
--
-- Claims are advisory locks, so kill -9 frees them; what is done stands in core.import (done_line, ahead), written with the rows.

create function core.import_is_long(p_import core.import) returns boolean language sql stable as $$
select (p_import).kind = 'client' and (p_import).event_id is null and (p_import).rows_total >= 2500 $$;
comment on function core.import_is_long(core.import) is 'Whether two connections shall work on a list.';

create function core.import_lock_no(p_import bigint, p_line int) returns bigint language sql immutable as $$
select hashtextextended('import:' || p_import || ':' || p_line, 3) $$;
comment on function core.import_lock_no(bigint, int) is 'Lock of the batch that begins behind this line; -1 the turn to claim.';

create function core.import_behind(p_import core.import, p_line int) returns int language plpgsql immutable set search_path = '' as $$
declare r int4range;
begin
    for r in select x from unnest(p_import.ahead) x order by x loop
        if lower(r) = p_line + 1 then p_line := upper(r) - 1; end if;
    end loop;
    return p_line;
end $$;
comment on function core.import_behind(core.import, int) is 'The line behind which the first one not done follows.';

create function core.import_batch_end(p_import core.import, p_line int, p_limit int) returns int language plpgsql stable set search_path = '' as $$
declare v_stop int := (select min(lower(x)) - 1 from unnest(p_import.ahead) x where lower(x) > p_line + 1);
begin
    return (select max(w.line_no) from (select q.line_no from core.import_row q where q.import_id = p_import.import_id and q.line_no > p_line
            and q.line_no <= coalesce(v_stop, 2147483647) order by q.line_no limit p_limit) w);
end $$;
comment on function core.import_batch_end(core.import, int, int) is 'The last line of the batch that begins behind a line; NULL when none follows.';

create function core.import_take(p_import core.import, p_limit int, out p_from int, out p_rows core.bulk_row[], out p_last int)
language plpgsql volatile set search_path = '' as $$
declare v_end int := core.import_batch_end(p_import, p_import.done_line, p_limit);
begin
    if v_end is null then return; end if;
    perform core.import_seal(p_import, v_end);
    p_from := p_import.done_line;
    p_rows := core.bulk_read(p_import, v_end);
    p_last := core.import_lock(p_import, p_rows, v_end);
    if p_last < v_end then p_rows := array(select u from unnest(p_rows) u where u.line_no <= p_last); end if;
end $$;
comment on function core.import_take(core.import, int) is $$
Read the next batch behind done_line and lock its keys.
out: the line behind which it begins, its rows that the set can do, the last line held (NULL when no line follows)$$;

create function core.import_take_beside(p_import bigint, p_limit int, out p_from int, out p_rows core.bulk_row[], out p_last int)
language plpgsql volatile set search_path = '' as $$
declare v_turn bigint := core.import_lock_no(p_import, -1); v_line int; v_end int; i core.import;
begin
    begin
        perform pg_catalog.pg_advisory_lock(v_turn);
        select x.* into i from core.import x where x.import_id = p_import;
        v_line := i.done_line;
        loop
            v_line := core.import_behind(i, v_line);
            v_end := core.import_batch_end(i, v_line, p_limit);
            exit when v_end is null or pg_catalog.pg_try_advisory_xact_lock(core.import_lock_no(p_import, v_line));
            v_line := v_end;
        end loop;
        if v_end is not null then
            i.done_line := v_line;
            select t.p_from, t.p_rows, t.p_last into p_from, p_rows, p_last from core.import_take(i, p_limit) t;
            -- whoever is before us still works, or we are out of order
            select x.* into i from core.import x where x.import_id = p_import;
            v_line := core.import_behind(i, i.done_line);
            while v_line < p_from loop
                if not pg_catalog.pg_try_advisory_xact_lock(core.import_lock_no(p_import, v_line)) then
                    v_line := core.import_behind(i, core.import_batch_end(i, v_line, p_limit));
                    continue;
                end if;
                select x.* into i from core.import x where x.import_id = p_import;
                if core.import_behind(i, greatest(i.done_line, v_line)) = v_line then
                    raise exception using errcode = 'serialization_failure', message = 'the batch before this one was given up';
                end if;
                v_line := core.import_behind(i, greatest(i.done_line, v_line));
            end loop;
            if p_last < v_end then perform pg_catalog.pg_advisory_xact_lock(v_turn); end if;
        end if;
        perform pg_catalog.pg_advisory_unlock(v_turn);
    exception when query_canceled or others then
        perform pg_catalog.pg_advisory_unlock(v_turn);      -- a lock of the session outlives its transaction
        raise;
    end;
end $$;
comment on function core.import_take_beside(bigint, int) is $$
The same while another connection works on the list too: claim, read and lock the first batch that nobody works on.
errors: serialization_failure when the batch before died with its connection, to be tried again$$;

create function core.import_help(p_import core.import, p_job bigint) returns void
language plpgsql volatile set search_path = '' as $$
begin
    insert into core.job (kind, spec, staff_id, dealer_id, letter, role, total)
    select j.kind, j.spec || jsonb_build_object('helps', j.job_id), j.staff_id, j.dealer_id, j.letter, j.role, j.total from core.job j where j.job_id = p_job;
end $$;
comment on function core.import_help(core.import, bigint) is 'Order the second connection: a job of the same kind that ends when nothing is left to claim; nobody lists it.';

create function core.import_is_helped(p_job bigint) returns boolean
language plpgsql stable set search_path = '' as $$
begin
    -- the helper makes room for whoever waits, and ends with the job it helps
    return exists (select from core.job h join core.job j on j.job_id = (h.spec ->> 'helps')::bigint where h.job_id = p_job and j.state in ('QUEUED', 'RUNNING'))
       and not exists (select from core.job q where q.state = 'QUEUED' and q.not_before <= core.now() and q.job_id <> p_job
                       and not exists (select from core.job h where h.job_id = p_job and (h.spec ->> 'helps')::bigint = q.job_id));
end $$;
comment on function core.import_is_helped(bigint) is 'Whether a helping job shall go on.';
