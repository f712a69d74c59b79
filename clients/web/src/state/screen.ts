// SPDX-License-Identifier: Apache-2.0
// Whether there is room for a rail: what is not shown is not built either. The same line as in the styles.
import { MediaQuery } from 'svelte/reactivity';

export const wide = new MediaQuery('min-width: 900px');
