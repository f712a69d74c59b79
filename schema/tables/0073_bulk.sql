-- SPDX-License-Identifier: Apache-2.0
-- Foreign keys that cost a list of a million rows 25 us a row, each row looked up and locked by a statement of its own. People, dealers and
-- brands are never deleted nor numbered anew (core/parent.sql refuses it, whoever tries), so what a row refers to need only exist when the
-- row is written: the statement triggers of these tables look for all rows at once, and for none twice.
alter table core.ownership drop constraint ownership_party_id_fkey, drop constraint ownership_brand_id_fkey, drop constraint ownership_dealer_id_fkey;
alter table core.contact_point drop constraint contact_point_party_id_fkey, drop constraint contact_point_source_dealer_id_fkey;
-- the dealer of a verdict is that of its import, spool or seat, which have the foreign key
alter table core.row_verdict drop constraint row_verdict_dealer_id_fkey;
-- an undo goes down the key itself from the line it has reached (core.import.undo_line); the second index cost each row
drop index core.import_result_undo;
alter table core.import add column undo_line int;
