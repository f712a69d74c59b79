// SPDX-License-Identifier: Apache-2.0
// Acts on the ticked people, one call each with its own key: a lost connection repeats only what is not done.
import { get, patch, post } from '../../api/client';
import type { Person, Task } from '../../api/types';

export interface Outcome {
  done: number;
  failed: number;
  made: Task[];
}

async function each(ids: readonly string[], act: (id: string) => Promise<Task | void>, onStep: (done: number) => void): Promise<Outcome> {
  const outcome: Outcome = { done: 0, failed: 0, made: [] };
  for (const [i, id] of ids.entries()) {
    try {
      const made = await act(id);
      if (made) outcome.made.push(made);
      outcome.done += 1;
    } catch {
      outcome.failed += 1;
    }
    onStep(i + 1);
  }
  return outcome;
}

export const addTasks = (ids: readonly string[], title: string, dueAt: string, onStep: (done: number) => void): Promise<Outcome> =>
  each(ids, (id) => post<Task>('/v1/tasks', { body: { title, kind: 'other', due_at: dueAt, person_id: id } }), onStep);

/** Hands the dealer's open rights on each person to another seat; an offer must be accepted first. */
export const handOver = (ids: readonly string[], seatId: string, onStep: (done: number) => void): Promise<Outcome> =>
  each(
    ids,
    async (id) => {
      const person = await get<Person>('/v1/people/{person_id}', { path: { person_id: id } });
      const mine = person.rights.filter((right) => right.state !== 'CLOSED' && right.state !== 'OFFERED');
      for (const right of mine) await post('/v1/rights/{right_id}/seat', { path: { right_id: right.id }, body: { seat_id: seatId } });
    },
    onStep,
  );

export const cancelTasks = async (tasks: readonly Task[]): Promise<void> => {
  for (const task of tasks) await patch('/v1/tasks/{task_id}', { path: { task_id: task.id }, version: task.version, body: { state: 'CANCELLED' } });
};
