// SPDX-License-Identifier: Apache-2.0
// Every shortcut of the product is a row here: the help sheet, the palette and the tests read this one table.
// Keys are physical (KeyboardEvent.code), so they work in the Russian layout as well.

import { hasLetterKeys } from '../state/prefs';

export interface KeyRow {
  id: string;
  /** 'KeyJ', 'Shift+KeyX', 'Ctrl+KeyK', 'KeyG KeyC' (a sequence) */
  combo: string;
  group: 'everywhere' | 'go' | 'list' | 'record' | 'call' | 'form';
  /** works while a field has the focus */
  inFields?: boolean;
}

export const KEYS: readonly KeyRow[] = [
  { id: 'palette', combo: 'Ctrl+KeyK', group: 'everywhere', inFields: true },
  { id: 'help', combo: 'Shift+Slash', group: 'everywhere' },
  { id: 'search', combo: 'Slash', group: 'everywhere' },
  { id: 'create', combo: 'KeyC', group: 'everywhere' },
  { id: 'undo', combo: 'Ctrl+KeyZ', group: 'everywhere' },
  { id: 'go.home', combo: 'KeyG KeyH', group: 'go' },
  { id: 'go.clients', combo: 'KeyG KeyC', group: 'go' },
  { id: 'go.leads', combo: 'KeyG KeyL', group: 'go' },
  { id: 'go.tasks', combo: 'KeyG KeyT', group: 'go' },
  { id: 'go.campaigns', combo: 'KeyG KeyM', group: 'go' },
  { id: 'go.segments', combo: 'KeyG KeyS', group: 'go' },
  { id: 'go.calls', combo: 'KeyG KeyP', group: 'go' },
  { id: 'go.branches', combo: 'KeyG KeyB', group: 'go' },
  { id: 'go.ledger', combo: 'KeyG KeyA', group: 'go' },
  { id: 'go.funnel', combo: 'KeyG KeyF', group: 'go' },
  { id: 'go.rules', combo: 'KeyG KeyR', group: 'go' },
  { id: 'go.staff', combo: 'KeyG KeyU', group: 'go' },
  { id: 'next', combo: 'KeyJ', group: 'list' },
  { id: 'previous', combo: 'KeyK', group: 'list' },
  { id: 'open', combo: 'Enter', group: 'list' },
  { id: 'choose', combo: 'KeyX', group: 'list' },
  { id: 'range', combo: 'Shift+KeyX', group: 'list' },
  { id: 'back', combo: 'Escape', group: 'record' },
  { id: 'compose', combo: 'KeyN', group: 'record' },
  { id: 'edit', combo: 'KeyE', group: 'record' },
  { id: 'merge', combo: 'KeyM', group: 'record' },
  { id: 'apart', combo: 'KeyD', group: 'record' },
  { id: 'call.1', combo: 'Digit1', group: 'call' },
  { id: 'call.2', combo: 'Digit2', group: 'call' },
  { id: 'call.3', combo: 'Digit3', group: 'call' },
  { id: 'call.4', combo: 'Digit4', group: 'call' },
  { id: 'call.5', combo: 'Digit5', group: 'call' },
  { id: 'call.6', combo: 'Digit6', group: 'call' },
  { id: 'call.save', combo: 'Enter', group: 'call' },
  { id: 'save', combo: 'Ctrl+Enter', group: 'form', inFields: true },
];

interface Press {
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** The combo a press stands for: Ctrl and Cmd are one; a lone modifier is nothing. */
export function comboOf(press: Press): string {
  if (/^(Control|Shift|Alt|Meta|OS)/.test(press.code)) return '';
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push('Ctrl');
  if (press.altKey) parts.push('Alt');
  if (press.shiftKey) parts.push('Shift');
  const code = press.code === 'NumpadEnter' ? 'Enter' : press.code.replace(/^Numpad(\d)$/, 'Digit$1');
  return [...parts, code].join('+');
}

/** What a cap shows: "Ctrl K", "G C", "?". */
export function capsOf(combo: string): string[] {
  const names: Record<string, string> = { 'Shift+Slash': '?', Slash: '/', Escape: 'Esc', Enter: 'Enter' };
  return combo.split(' ').flatMap((part) => {
    const whole = names[part];
    if (whole) return [whole];
    return part.split('+').map((piece) => names[piece] ?? piece.replace(/^(Key|Digit)/, ''));
  });
}

type Act = (event: KeyboardEvent) => void | false;
const layers: Map<string, Act>[] = [];
const SEQUENCE_MS = 1200;
let head = '';
let headAt = 0;

/** Acts for a set of keys while a screen lives; the newest layer wins. Returns the way to leave. */
export function onKeys(acts: Record<string, Act>): () => void {
  const layer = new Map<string, Act>(Object.entries(acts));
  layers.push(layer);
  return () => {
    const at = layers.indexOf(layer);
    if (at >= 0) layers.splice(at, 1);
  };
}

function isField(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]');
}

/** Rows a press could mean, the current sequence included. */
export function rowsFor(combo: string, sequenceHead: string): KeyRow[] {
  if (sequenceHead) {
    const found = KEYS.filter((row) => row.combo === `${sequenceHead} ${combo}`);
    if (found.length) return found;
  }
  return KEYS.filter((row) => row.combo === combo);
}

const isLetter = (combo: string): boolean => /^(Shift\+)?(Key|Digit|Slash)/.test(combo);

export function handleKey(event: KeyboardEvent): void {
  const combo = comboOf(event);
  if (!combo || event.defaultPrevented || event.isComposing) return;
  if (isLetter(combo) && !hasLetterKeys()) return;
  const inDialog = !!document.querySelector('dialog[open]');
  const field = isField(event.target);
  const started = event.timeStamp - headAt < SEQUENCE_MS ? head : '';
  head = '';
  if (!field && !inDialog && KEYS.some((row) => row.combo.startsWith(`${combo} `)) && !started) {
    head = combo;
    headAt = event.timeStamp;
    return;
  }
  // Enter on a link or button is theirs
  if (combo === 'Enter' && (event.target as HTMLElement | null)?.closest?.('a, button, summary, [role=option]')) return;
  for (const row of rowsFor(combo, started)) {
    if (field && !row.inFields) continue;
    if (inDialog && row.group !== 'form' && row.id !== 'palette') continue;
    for (const layer of [...layers].reverse()) {
      const act = layer.get(row.id);
      if (!act) continue;
      if (act(event) === false) continue;
      event.preventDefault();
      return;
    }
  }
}
