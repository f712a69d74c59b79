-- SPDX-License-Identifier: Apache-2.0
-- An import that is undone takes its work orders with it, and with an order the move that it announced (R3, R72).

alter table core.service_move drop constraint service_move_order_id_fkey;
alter table core.service_move add constraint service_move_order_id_fkey foreign key (order_id) references core.repair_order on delete cascade;
create index service_move_order on core.service_move (order_id);
