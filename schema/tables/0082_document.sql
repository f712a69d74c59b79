-- SPDX-License-Identifier: Apache-2.0
-- Numbers of passports and driving licences are match keys as keyed hashes only (R20). A list that has a column of them: which columns they
-- are, so that a number is replaced by its hash before its row is stored.

alter table core.import add column document_columns jsonb not null default '{}'       -- {column from 0: passport | licence}
  check (jsonb_typeof(document_columns) = 'object');

-- A key of this kind was made of the whole text of a sale's document that a dealer system pushed with a client: it proves nobody.
delete from core.match_key where kind = 'DOCUMENT';
