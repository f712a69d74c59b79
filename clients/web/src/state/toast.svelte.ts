// SPDX-License-Identifier: Apache-2.0
// Short messages with an undo. The last 20 undoable acts stay within reach of Ctrl Z.
import { asProblem, type Problem } from '../api/problem';
import { t } from '../i18n';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'good' | 'bad';
  undo?: () => Promise<void> | void;
  link?: { href: string; text: string };
}

const SHOWN_MS = 10_000;
const KEPT_UNDOS = 20;

class Toasts {
  items = $state<Toast[]>([]);
  #undos: Toast[] = [];
  #last = 0;

  show(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> & { ms?: number } = {}): number {
    this.#last += 1;
    const toast: Toast = { id: this.#last, text, tone: more.tone ?? 'plain', undo: more.undo, link: more.link };
    this.items = [...this.items.slice(-3), toast];
    if (toast.undo) this.#undos = [...this.#undos.slice(1 - KEPT_UNDOS), toast];
    setTimeout(() => this.close(toast.id), more.ms ?? SHOWN_MS);
    return toast.id;
  }

  refuse(error: unknown): void {
    this.show(problemText(asProblem(error)), { tone: 'bad', ms: 15_000 });
  }

  close(id: number): void {
    this.items = this.items.filter((item) => item.id !== id);
  }

  async undo(toast?: Toast): Promise<void> {
    const target = toast ?? this.#undos[this.#undos.length - 1];
    if (!target?.undo) return;
    this.#undos = this.#undos.filter((item) => item !== target);
    this.close(target.id);
    try {
      await target.undo();
      this.show(t.undo.done);
    } catch (error) {
      this.refuse(error);
    }
  }
}

export const toasts = new Toasts();

/** Refusals of one field: what is said is its name. */
export const FIELD_SLUGS = new Set(['bad-field', 'missing-field', 'unknown-field']);

/** What happened, what to do, by which rule: one line. */
export function problemText(problem: Problem): string {
  if (problem.isOffline) return t.problem.offline;
  const head = problem.title || t.problem.unknown(problem.status);
  const rule = problem.rule ? ` (${problem.rule})` : '';
  const field = problem.field && FIELD_SLUGS.has(problem.slug) ? `: ${t.problem.field[problem.field] ?? problem.field}` : '';
  const detail = field || (problem.detail && problem.detail !== problem.title ? `: ${problem.detail}` : '');
  return `${head}${detail}${rule}.${problem.next ? ` ${problem.next}` : ''}`.replace('..', '.');
}
