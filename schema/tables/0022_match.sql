-- SPDX-License-Identifier: Apache-2.0
-- What the match weighs, and by which names it finds candidates (R22).

-- What agreement of a field says, in bits; the latest scan of the whole base replaces what is here. prior: of two people at random.
create table core.match_weight (
  field text not null, level text not null check (level in ('prior', 'none', 'far', 'near', 'close', 'same', 'swapped')),
  bits  real not null check (bits between -60 and 60),
  primary key (field, level));
insert into core.match_weight values ('prior', 'prior', -21),
  ('surname', 'none', -8), ('surname', 'far', -2), ('surname', 'near', 3.5), ('surname', 'close', 7), ('surname', 'same', 8.7), ('surname', 'swapped', 5),
  ('given_name', 'none', -6), ('given_name', 'far', -2), ('given_name', 'near', 2.5), ('given_name', 'close', 5), ('given_name', 'same', 6), ('given_name', 'swapped', 4),
  ('patronymic', 'none', -5), ('patronymic', 'far', -2), ('patronymic', 'near', 2), ('patronymic', 'close', 5), ('patronymic', 'same', 6),
  ('born_on', 'none', -7), ('born_on', 'far', -4), ('born_on', 'near', 0), ('born_on', 'close', 6.7), ('born_on', 'same', 14),
  ('phone', 'none', -3), ('phone', 'far', -1), ('phone', 'near', 6), ('phone', 'close', 14), ('phone', 'same', 20),
  ('email', 'none', -2), ('email', 'far', -1), ('email', 'near', 5), ('email', 'close', 12), ('email', 'same', 20),
  ('city', 'none', -3), ('city', 'far', -1), ('city', 'near', 2), ('city', 'close', 4), ('city', 'same', 5),
  ('address', 'none', -3), ('address', 'far', 0), ('address', 'near', 4), ('address', 'close', 9), ('address', 'same', 14),
  ('car', 'same', 12), ('document', 'same', 22), ('inn', 'same', 22);

-- Name with day of birth, name with address: the keys of a POSSIBLE match.
create index party_born on core.party (surname_key, born_on) where born_on is not null;
create index party_address on core.party (surname_key, left(lower(address), 60)) where address is not null;
