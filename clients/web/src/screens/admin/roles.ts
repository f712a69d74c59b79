// SPDX-License-Identifier: Apache-2.0
// Roles the caller may give: an administrator all but the machine's, a manager the seats of his dealer.
import type { Role } from '../../api/types';
import { isRole } from '../../state/session.svelte';

export const rolesFor = (): Role[] =>
  isRole('admin') ? ['admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo', 'auditor', 'manager', 'seller', 'adviser', 'operator'] : ['seller', 'adviser', 'operator', 'manager'];
