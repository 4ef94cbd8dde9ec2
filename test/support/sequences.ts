import { putReps } from '../../db/reps.ts';
import type { Workspace } from './workspace.ts';

/** Two salespeople who write letters. */
export async function addWriters({ pool }: Workspace): Promise<void> {
  await putReps(pool, [
    { key: 'ana', name: 'Ana Ruiz', email: 'ana@ostara.example', timezone: 'Europe/Berlin' },
    { key: 'ben', name: 'Ben Okafor', email: 'ben@ostara.example', timezone: 'America/New_York' },
  ]);
}

/** A sequence of three letters in one thread, three business days apart. */
export function sequenceOf(rest: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    key: 'first-contact',
    name: 'First contact',
    steps: [
      {
        id: 'hello',
        mail: {
          subject: 'Pumps for {{default account.name "you"}}',
          text: 'Dear {{default lead.first_name "colleague"}},\n\nshall we talk?\n\n{{rep.name}}',
        },
      },
      { id: 'w1', wait: '3bd' },
      { id: 'again', mail: { text: 'Did you see my letter?' } },
      { id: 'w2', wait: '3bd' },
      { id: 'last', mail: { text: 'This is my last letter.' } },
    ],
    ...rest,
  };
}

/** Saves a sequence. Throws with the findings when it is refused. */
export async function saveSequence(firm: Workspace, document: Record<string, unknown> = sequenceOf()): Promise<void> {
  const answer = await firm.post('/v1/sequences', document);
  if (!answer.ok) throw new Error(await answer.text());
}

/** Begins runs for these people; answers what came of each. */
export async function begin(firm: Workspace, emails: readonly string[], rep = 'ana', key = 'first-contact', more: object = {}) {
  const answer = await firm.post(`/v1/sequences/${key}/runs`, { emails, rep, ...more });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as {
    started: number;
    people: { email: string; leadId: string | null; state: string; runId: string | null }[];
  };
}
