-- SPDX-License-Identifier: Apache-2.0
-- What a bulk transfer is about to do, right by right, written when it begins: a step takes the next rows of it, and reads the dealer's
-- rights once instead of once a step.
create table core.transfer_batch_plan (
  batch_id  bigint not null references core.transfer_batch,
  ownership_id bigint not null, to_dealer_id int not null references core.dealer, is_closing boolean not null,
  primary key (batch_id, ownership_id));
