-- SPDX-License-Identifier: Apache-2.0
-- A long list is worked by two connections (core/register_side.sql): lines that the one has done while the other still works before them.
alter table core.import
  add column is_shared boolean not null default false,       -- two jobs work on it
  add column ahead int4multirange not null default '{}';     -- done beyond done_line
