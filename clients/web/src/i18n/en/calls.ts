// SPDX-License-Identifier: Apache-2.0
import { enCount } from '../plural';
import type ru from '../ru/calls';

const calls: typeof ru = {
  sub: 'one call after another',
  none: 'No call lists',
  noneText: 'They appear when a campaign with the channel “Call” is launched.',
  next: 'Next call',
  openDone: 'Open the list',
  list: 'Whole list',
  progress: 'Processed',
  counters: (done, notReached, total) => `processed ${done}, not reached ${notReached}, total ${total}`,
  agreed: (n) => `agreed ${n}`,
  script: 'Script',
  last: 'Latest events',
  attempt: (n) => `attempt ${n}`,
  resultTitle: 'How the call ended',
  result: { agreed: 'Agreed', call_back: 'Call back', refused: 'Refused', no_answer: 'No answer', wrong_number: 'Wrong number', do_not_call: 'Do not call' },
  when: 'When to call back',
  time: { hour: 'In an hour', evening: 'This evening', tomorrow: 'Tomorrow at 10:00' },
  note: 'A note, if needed',
  saveNext: 'Save and next',
  confirm: 'Confirm the ban',
  doNotCall: 'Nobody in the network will call this client again. Confirm that the client asked for it.',
  hint: 'Keys 1–6 choose a result, Enter saves. It can be undone for 30 seconds.',
  saved: (name, result) => `${name}: ${result.toLocaleLowerCase()}`,
  waiting: (n) => `${enCount(n, 'result waits', 'results wait')} for the connection and will be sent by itself.`,
  sendNow: 'Send now',
  nobodyNow: 'Nobody may be called now',
  nextAt: (d) => `The next client becomes available ${d}: quiet hours or a promised call.`,
  done: 'The list is done',
  askAgain: 'Ask again',
  processed: 'processed',
  notReached: 'not reached',
  column: { client: 'Client', phone: 'Phone', result: 'Result', when: 'When', operator: 'Operator' },
  advice: { next_service: 'Service due', expiring_right: 'Protection ends', birthday: 'Birthday soon', abc: 'ABC class', open_task: 'Open task' },
  kind: {
    NOTE: 'Note', CALL_OUT: 'Call', CALL_IN: 'Incoming call', MAIL_OUT: 'Mail', MAIL_IN: 'Mail from client', SMS_OUT: 'SMS', SMS_IN: 'SMS from client', VISIT: 'Visit', TEST_DRIVE: 'Test drive', OFFER: 'Offer',
    APPRAISAL: 'Appraisal', CREDIT: 'Credit', ORDER: 'Order', DEPOSIT: 'Deposit', APPOINTMENT: 'Service appointment', GREETING: 'Greeting', SYSTEM: 'System',
  },
};

export default calls;
