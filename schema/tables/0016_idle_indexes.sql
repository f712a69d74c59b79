-- SPDX-License-Identifier: Apache-2.0
-- What every registration wrote and nothing read: the ledger is never asked by person, history by dealer never, and a receipt is
-- known by its number (R31).

drop index core.ledger_party;
drop index core.ownership_history_dealer;
alter table core.receipt drop column public_id;
