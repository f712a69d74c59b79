-- SPDX-License-Identifier: Apache-2.0
-- R129: the clock goes round those a dealer lists for their documents alone, in the order of the key, and walks over nobody else.

create index dealer_party_closed on core.dealer_party (dealer_id, party_id) where state = 'CLOSED';
