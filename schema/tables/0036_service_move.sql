-- SPDX-License-Identifier: Apache-2.0
-- An objected service move is found by its case when that is decided (R72).

create index service_move_dispute on core.service_move (dispute_id) where state = 'OBJECTED';
