-- SPDX-License-Identifier: Apache-2.0
-- One comparison of the whole base at a time, and from how many people its weights are believed (R22).

create unique index job_one_match_scan on core.job (kind) where kind = 'match_scan' and state in ('QUEUED', 'RUNNING', 'PAUSED');
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('R22.learn', '2000-01-01', 10000, 'count', 100, 10000000);
