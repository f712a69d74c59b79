-- SPDX-License-Identifier: Apache-2.0
-- The numbers of D.0 and the matrix of D.14 as data. Inserted when missing; a change is a new dated row (R9), never an edit.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('P1.accept', '2000-01-01', 120, 'minute', 15, 2160),            -- working minutes of the dealer
  ('P2.target', '2000-01-01', 15, 'minute', 1, 240),
  ('P2.limit', '2000-01-01', 240, 'minute', 15, 2160),
  ('P3.NEW', '2000-01-01', 30, 'day', 3, 180), ('P3.USED', '2000-01-01', 14, 'day', 3, 180),
  ('P3.FLEET', '2000-01-01', 90, 'day', 3, 180), ('P3.SERVICE', '2000-01-01', 30, 'day', 3, 180),
  ('P3.PARTS', '2000-01-01', 30, 'day', 3, 180), ('P3.FIN', '2000-01-01', 30, 'day', 3, 180),
  ('P4.NEW', '2000-01-01', 30, 'day', 3, 180), ('P4.USED', '2000-01-01', 14, 'day', 3, 180),
  ('P4.FLEET', '2000-01-01', 90, 'day', 3, 180), ('P4.SERVICE', '2000-01-01', 30, 'day', 3, 180),
  ('P4.PARTS', '2000-01-01', 30, 'day', 3, 180), ('P4.FIN', '2000-01-01', 30, 'day', 3, 180),
  ('P5.NEW', '2000-01-01', 180, 'day', 30, 730), ('P5.USED', '2000-01-01', 90, 'day', 30, 730),
  ('P5.FLEET', '2000-01-01', 365, 'day', 30, 730), ('P5.SERVICE', '2000-01-01', 180, 'day', 30, 730),
  ('P5.PARTS', '2000-01-01', 180, 'day', 30, 730), ('P5.FIN', '2000-01-01', 180, 'day', 30, 730),
  ('P6.grace', '2000-01-01', 7, 'day', 0, 30),
  ('P7.hold', '2000-01-01', 365, 'day', 1, 365),
  ('P8.sales', '2000-01-01', 36, 'month', 1, 120),
  ('P9.aftersales', '2000-01-01', 18, 'month', 1, 120),
  ('P10.first', '2000-01-01', 7, 'day', 1, 30), ('P10.second', '2000-01-01', 2, 'day', 1, 30),
  ('P11.answer', '2000-01-01', 2, 'day', 1, 30), ('P11.decision', '2000-01-01', 5, 'day', 1, 30),
  ('P11.appeal', '2000-01-01', 5, 'day', 1, 30),
  ('P12.lookback', '2000-01-01', 24, 'month', 1, 120),
  ('P16.user_hour', '2000-01-01', 30, 'count', 1, 10000), ('P16.dealer_day', '2000-01-01', 200, 'count', 1, 100000),
  ('P17.ban', '2000-01-01', 14, 'day', 0, 90),
  ('P18.seat', '2000-01-01', 150, 'count', 1, 100000),
  ('P19.notice', '2000-01-01', 5, 'day', 0, 30), ('P19.exclusions', '2000-01-01', 10, 'count', 0, 100),
  ('P20.choice', '2000-01-01', 30, 'day', 0, 365),
  ('P21.backdate', '2000-01-01', 24, 'hour', 0, 168),
  ('P22.move', '2000-01-01', 12, 'month', 1, 60),
  ('R10.short', '2000-01-01', 60, 'minute', 0, 240),               -- a short day of the calendar ends so much earlier
  ('R19.undo', '2000-01-01', 24, 'hour', 0, 168),
  ('R30.draft', '2000-01-01', 7, 'day', 1, 60),
  ('R32.review', '2000-01-01', 480, 'minute', 60, 2880),           -- one working day
  ('R35.refusal', '2000-01-01', 3, 'day', 1, 10),                  -- working days of the dealer
  ('R36.list', '2000-01-01', 500, 'count', 1, 100000),
  ('R36.push_day', '2000-01-01', 50000, 'count', 1, 10000000),
  ('R40.unread', '2000-01-01', 30, 'day', 1, 365),                 -- what a site handed in and nobody could read is kept so long
  ('R40.near_km', '2000-01-01', 300, 'count', 0, 10000),           -- step 7 looks so far for a dealer
  ('R42.quality_days', '2000-01-01', 90, 'day', 7, 365), ('R42.quality_min', '2000-01-01', 20, 'count', 1, 1000),
  ('R43.stock', '2000-01-01', 30, 'day', 0, 365),                  -- a car due within so many days is as good as in stock
  ('R45.refusals', '2000-01-01', 3, 'count', 1, 20), ('R45.desk', '2000-01-01', 24, 'hour', 1, 168),
  ('R36.import_day', '2000-01-01', 2000000, 'count', 1, 100000000),
  ('R54.manual', '2000-01-01', 2, 'count', 0, 100),
  ('R57.no_money', '2000-01-01', 90, 'day', 0, 365),
  ('R154.grant', '2000-01-01', 30, 'day', 1, 365),
  ('R100.file', '2000-01-01', 10, 'day', 1, 30), ('R100.open', '2000-01-01', 10, 'count', 1, 1000),    -- working days; open at once
  ('R108.lost', '2000-01-01', 3, 'count', 1, 100), ('R108.window', '2000-01-01', 90, 'day', 1, 730), ('R108.suspend', '2000-01-01', 90, 'day', 1, 730),
  ('R101.day', '2000-01-01', 500, 'count', 1, 100000),
  ('D14.closed', '2000-01-01', 30, 'day', 0, 365), ('R129.account', '2000-01-01', 365, 'day', 30, 1095)
on conflict (name, valid_from) do nothing;

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R32.fleet', '2000-01-01', 50, 'count', 5, 10000),              -- a company with more cars is looked at
  ('R32.sequence', '2000-01-01', 15, 'count', 2, 40), ('R32.one_phone', '2000-01-01', 4, 'count', 2, 100),
  ('R32.night', '2000-01-01', 40, 'count', 1, 1000),
  ('R37.keep', '2000-01-01', 180, 'day', 1, 730),
  ('R150.verdicts', '2000-01-01', 1095, 'day', 90, 3650),          -- why a row has its verdict: beyond P12 and every appeal
  ('R150.notices', '2000-01-01', 730, 'day', 90, 3650),            -- what staff were told; rights and disputes keep their own history
  ('R53.answer', '2000-01-01', 2, 'day', 1, 10),                   -- working days of head office
  ('R55.longest', '2000-01-01', 180, 'day', 1, 365), ('R55.after', '2000-01-01', 14, 'day', 1, 60),
  ('R56.sample', '2000-01-01', 30, 'permille', 0, 1000),
  ('R57.recontact', '2000-01-01', 12, 'month', 1, 60)
on conflict (name, valid_from) do nothing;
-- the oldest numbers came without bounds: nobody may set quiet hours to 99 or a budget below nothing
update core.policy p set min_int = b.low, max_int = b.high from (values ('P13.lock', 1, 60), ('P13.cooling', 0, 60), ('P14.call', 0, 100), ('P14.sms', 0, 100), ('P14.email', 0, 100),
  ('P14.all', 0, 100), ('P14.relation', 0, 100), ('P14.call_days', 1, 365), ('P14.sms_days', 1, 365), ('P14.email_days', 1, 365), ('P14.all_days', 1, 365),
  ('P14.relation_days', 1, 365), ('P15.from', 0, 23), ('P15.to', 0, 23)) b(name, low, high) where p.name = b.name and p.min_int is null;
insert into core.approval_kind (kind, roles, rule, days) values ('extension', 4, 'R53', 2) on conflict do nothing;

-- D.14. Viewers: seat (of this right), manager, colleague (another seat of the owner), other (another dealer), marketer,
-- router, arbiter, auditor, system (the owner's own system). A person without an open right is the pool.
insert into core.visibility (state, viewer, level)
select s.state::core.right_state, v.viewer, v.level::core.see_level
from (values
  --           seat      manager   colleague router    arbiter   system
  ('OFFERED',  'MASKED', 'MASKED', 'NONE',   'FULL',   'NONE',   'NONE'),
  ('PENDING',  'FULL',   'FULL',   'NONE',   'MASKED', 'NONE',   'FULL'),
  ('ACTIVE',   'FULL',   'FULL',   'MASKED', 'MASKED', 'NONE',   'FULL'),
  ('HELD',     'FULL',   'FULL',   'MASKED', 'MASKED', 'NONE',   'FULL'),
  ('CUSTOMER', 'FULL',   'FULL',   'MASKED', 'MASKED', 'NONE',   'FULL'),
  ('GRACE',    'FULL',   'FULL',   'NONE',   'MASKED', 'NONE',   'FULL'),
  ('DISPUTED', 'FULL',   'FULL',   'NONE',   'MASKED', 'FULL',   'FULL'),
  ('CLOSED',   'FULL',   'FULL',   'NONE',   'FULL',   'NONE',   'NONE')) s(state, seat, manager, colleague, router, arbiter, system)
cross join lateral (values ('seat', s.seat), ('manager', s.manager), ('colleague', s.colleague), ('router', s.router),
  ('arbiter', s.arbiter), ('system', s.system), ('other', 'VERDICT'), ('marketer', 'NONE'), ('auditor', 'NONE')) v(viewer, level)
on conflict (state, viewer) do nothing;

create function core.level_of(p_state core.right_state, p_viewer text) returns core.see_level
language plpgsql stable as $$
begin
    return (select v.level from core.visibility v where v.state = p_state and v.viewer = p_viewer);
end $$;
comment on function core.level_of(core.right_state, text) is 'One cell of the matrix of D.14. source: R133';
