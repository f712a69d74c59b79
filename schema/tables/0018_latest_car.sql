-- SPDX-License-Identifier: Apache-2.0
-- A company may own thousands of cars, and the list shows the latest: the end of an index instead of a sort of them all at every
-- write. Who once owned a car is asked by car only, so the index by owner holds the present ones alone.

create index vehicle_owner_latest on core.vehicle_owner (party_id, from_on desc, vehicle_id desc) where to_on is null;
drop index core.vehicle_owner_party;
