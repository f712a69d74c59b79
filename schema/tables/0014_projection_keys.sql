-- SPDX-License-Identifier: Apache-2.0
-- A projection repeats what core.ownership holds, and that row has the foreign keys. A second pair here only cost: each new row
-- locked its dealer's row once more, and writers of one dealer met there.

alter table core.dealer_party
  drop constraint dealer_party_dealer_id_fkey,
  drop constraint dealer_party_party_id_fkey;
