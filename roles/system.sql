-- SPDX-License-Identifier: Apache-2.0
-- system: a dealer's own system, and the server's background work (jobs, clock, sender: roles/campaigns.sql). It reads no table;
-- its routes are functions that ask session.dealer().

grant execute on function core.clock_rights(int, interval) to system;
