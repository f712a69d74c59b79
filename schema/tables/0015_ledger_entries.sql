-- SPDX-License-Identifier: Apache-2.0
-- The administrator's home shows the latest sign-ins. By the index of time alone a night of a million other acts would be walked back.

create index ledger_entries on core.ledger (at desc, ledger_id desc) where kind in ('session.begin', 'session.refused');
