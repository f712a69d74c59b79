-- SPDX-License-Identifier: Apache-2.0
-- R54: a merge of two persons of one dealer leaves the prolongations by hand of the side that used more, also on the right that stays (R28),
-- and an undo gives back what was (R29).

insert into core.right_transition
select e.event, s.state, s.state, e.rule from unnest(enum_range(null::core.right_state)) s(state), (values ('merge', 'R28'), ('unmerge', 'R29')) e(event, rule)
where s.state <> 'CLOSED' on conflict do nothing;
