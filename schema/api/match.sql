-- SPDX-License-Identifier: Apache-2.0
-- The data steward orders a comparison of the whole base (R22, R27).

create function api.duplicate_scan() returns api.job language plpgsql volatile security definer set search_path = '' as $$
declare j core.job;
begin
    begin
        j := core.job_add('match_scan', '{}', 0, 'H', 0);
    exception when unique_violation then perform core.fail('ZC128');
    end;
    perform core.ledger_add('match.scan_order', j.public_id::text, null, 'R27', '{}');
    return row(j.public_id, j.kind, j.state, 0, 0, j.created_at, j.finished_at, null, j.error, null)::api.job;
end $$;
comment on function api.duplicate_scan is $$
Compare everybody with everybody and put pairs that may be one person on the list of possible duplicates. One comparison at a time.
out: the job, whose progress is told as any job's    errors: scan-running    guard: job_one_match_scan    rule: R22, R23, R27 $$;
