// SPDX-License-Identifier: Apache-2.0
// Time that passes on the screen: one timer for all clocks.
class Ticking {
  second = $state(0);
  minute = $state(0);
}
export const ticking = new Ticking();
setInterval(() => {
  ticking.second += 1;
  if (ticking.second % 30 === 0) ticking.minute += 1;
}, 1000);
