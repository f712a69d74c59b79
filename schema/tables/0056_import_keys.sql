-- SPDX-License-Identifier: Apache-2.0
-- Rows of a list and their results are written only by functions that hold the list's own row locked: a foreign key would look it up
-- once more for each of a million rows.

alter table core.import_row drop constraint import_row_import_id_fkey;
alter table core.import_result drop constraint import_result_import_id_fkey;
