// SPDX-License-Identifier: Apache-2.0
import { enCount } from '../plural';
import type ru from '../ru/admin';

const admin: typeof ru = {
  staff: {
    name: 'Name', role: 'Role', dealer: 'Dealer', login: 'Login', email: 'E-mail', factor: 'Second factor', seen: 'Last seen', never: 'never', justNow: 'now', ago: (s) => `${s} ago`, on: 'on', off: 'off', headOffice: 'Head office', none: 'Nobody here', gone: 'Leavers', leftAt: 'Left',
    invite: 'Invite', send: 'Send the invitation', emailHint: 'A link to set the password is sent here.', inviteAgain: 'Send the link again', leave: 'Has left', roleHint: 'Takes effect with the next request.',
    invited: (to) => `Invitation sent: ${to}`,
    roleSet: (role) => `Role changed: ${role.toLocaleLowerCase()}`,
    leaveText: 'Access closes at once, clients and tasks go to the dealer’s queue. There is no single step back.',
    leaveSure: (name) => `Close the access of ${name}`,
    left: (name, moved) => `${name}: access closed, ${enCount(moved, 'client', 'clients')} to the queue`,
    self: 'You cannot change your own role.',
  },
  dealers: {
    country: 'Country of the calendar', countryHint: 'Response clocks stand on its holidays.', countries: { RU: 'Russia', BY: 'Belarus', KZ: 'Kazakhstan' } as Record<string, string>, region: 'Region', regionHint: 'Where the salon stands: the nearest gets leads without a territory.', opens: 'Opens', closes: 'Closes', week: 'Working days', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    add: 'New dealer', none: 'No dealers', name: 'Name', legal: 'Legal entity', city: 'City', zone: 'Time zone', sender: 'Sender address', senderHint: 'The dealer’s letters come from here.', lines: 'Brands and lines', isActive: 'Operating', closed: 'closed', saved: 'Saved',
    system: 'system connected', noSystem: 'no system', allLines: 'all lines', enrol: 'Enrolment code', code: 'code',
    codeFor: (name) => `Code for “${name}”`,
    codeText: (until) => `Shown once, valid until ${until}. Enter it in the dealer’s client:`,
  },
  mail: { sub: 'what the gateway delivered', none: 'No mail', noneText: 'Launch a campaign or send yourself a sample.', choose: 'Choose a letter', from: 'From', to: 'To', at: 'When' },
  account: {
    who: 'Who you are', name: 'Name', role: 'Role', dealer: 'Dealer', zone: 'Time zone', changePassword: 'Change the password by a mailed link', yourLogin: 'Your login', look: 'Appearance', lang: 'Language', density: 'Table rows', densities: { normal: 'Comfortable', dense: 'Dense' },
    letters: 'Single-letter keys (J, K, X, C…)', factor: 'Second factor', on: 'on', off: 'off', factorText: 'A code from an app protects the sign-in even when the password is known.', enrol: 'Switch on', renew: 'Set up anew', scan: 'Open your authenticator app and point the camera here.', qr: 'QR code for the authenticator app', orType: 'Or type the key:',
    recovery: 'Recovery codes', recoveryText: 'Keep these codes: each replaces a code from the app once. They are not shown again.', kept: 'I kept them',
    sessions: 'Open sessions', everywhere: 'Sign out everywhere', everywhereSure: 'Close all sessions, this one included?', thisOne: 'this one',
    since: (d) => `since ${d}`,
    seen: (d) => `seen ${d}`,
  },
};

export default admin;
