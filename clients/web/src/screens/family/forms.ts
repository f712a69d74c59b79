// SPDX-License-Identifier: Apache-2.0
// The forms of a company's panel: what each asks and where it goes.
export type FormKind = 'branch' | 'contact' | 'driver' | 'lease' | 'carve';

/** A date so many days from today, as a date field wants it. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86400e3).toISOString().slice(0, 10);

/** Text of a field, absent when empty. */
export const given = (text: string): string | undefined => text.trim() || undefined;
