-- SPDX-License-Identifier: Apache-2.0
-- A list row had twelve index entries, seven of them in the order of names, each on a page of its own: half of what a registration and an
-- import write, and what a base larger than memory reads for them. Conditions on columns behind the position are compared inside the
-- index, so one walk of names serves every filter; a filter that lets nobody through walks the dealer's part of one index.
create index dealer_party_walk on core.dealer_party (dealer_id, name_sort, party_id, state_no, line_no, brand_id, abc_no, seat_id, city);
drop index core.dealer_party_name, core.dealer_party_state, core.dealer_party_line, core.dealer_party_brand, core.dealer_party_abc,
    core.dealer_party_seat, core.dealer_party_city;
