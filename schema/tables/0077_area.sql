-- SPDX-License-Identifier: Apache-2.0
-- R47: a dealer's campaign to prospects who live in another dealer's territory needs that dealer's or head office's permit.

alter type core.drop_reason add value 'out_of_area';
