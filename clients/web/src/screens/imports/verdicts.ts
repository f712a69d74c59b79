// SPDX-License-Identifier: Apache-2.0
// The tone in which a verdict on a row is shown. Pure.

const TONES: Record<string, string> = { created: 'good', updated: 'good', FREE: 'good', stored: 'good', YOURS: 'tint', duplicate: 'plain', undone: 'plain', draft: 'warn', cold: 'warn', error: 'bad' };

/** A word of the style sheet: good, tint, warn, bad or plain. */
export const toneOf = (verdict: string | null | undefined): string => TONES[verdict ?? ''] ?? 'warn';
