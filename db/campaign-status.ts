import { outline } from '../domain/campaign/outline.ts';
import { parseVersion } from '../domain/sequences/version.ts';
import { type CampaignRow, newestDocument } from './campaigns.ts';
import { stepReaders } from './hits-read.ts';
import type { Queryable } from './pool.ts';
import { pausedSteps } from './step-pause.ts';

/** Enrolments, test leads aside. */
interface Totals {
  entered: number;
  active: number;
  completed: number;
  goal: number;
  exited: number;
}

interface StepCount {
  stepId: string;
  active: number;
  /** Enrolments that have gone on from here. */
  passed: number;
}

export interface CampaignStatus extends Totals {
  waiting: number;
  failing: number;
  steps: {
    id: string;
    kind: string;
    words: string;
    depth: number;
    active: number;
    passed: number;
    paused: boolean;
    /** Mails of the step that a person opened, and in which they clicked; machines are not counted. */
    opened: number;
    clicked: number;
  }[];
}

/** A campaign's figures, with its steps in the order of the newest document; steps only older versions have come last. */
export async function campaignStatus(tx: Queryable, { id }: Pick<CampaignRow, 'id'>): Promise<CampaignStatus> {
  const { steps: counted, ...totals } = await campaignCounts(tx, id);
  const { rows } = await tx.query<{ waiting: number; failing: number }>(
    `select (select count(*)::int from candidate where campaign_id = $1) as waiting,
            (select count(*)::int from enrolment where campaign_id = $1 and state = 'active' and error is not null) as failing`,
    [id],
  );
  const stopped = new Set((await pausedSteps(tx, id)).map(({ stepId }) => stepId));
  const readers = new Map((await stepReaders(tx, id)).map(({ stepId, ...n }) => [stepId, n]));
  const passing = new Map(counted.map(({ stepId, ...n }) => [stepId, n]));
  const figures = (stepId: string) => ({
    ...(passing.get(stepId) ?? { active: 0, passed: 0 }),
    ...(readers.get(stepId) ?? { opened: 0, clicked: 0 }),
    paused: stopped.has(stepId),
  });
  const drawn = outline(parseVersion(await newestDocument(tx, id)));
  const older = counted.filter(({ stepId }) => !drawn.some((step) => step.id === stepId));
  return {
    ...totals,
    ...rows[0]!,
    steps: [
      ...drawn.map((step) => ({ ...step, ...figures(step.id) })),
      ...older.map(({ stepId }) => ({ id: stepId, kind: 'former', words: 'a step of an earlier version', depth: 0, ...figures(stepId) })),
    ],
  };
}

/** How many stand where, and how many have passed each step, of all versions together. Test leads stay out. */
async function campaignCounts(tx: Queryable, campaignId: string): Promise<Totals & { steps: StepCount[] }> {
  const { rows: states } = await tx.query<{ state: string; stepId: string; n: number }>(
    'select state, step_id as "stepId", count(*)::int as n from enrolment where campaign_id = $1 and not test group by state, step_id',
    [campaignId],
  );
  const { rows: passed } = await tx.query<{ stepId: string; n: number }>(
    'select step_id as "stepId", sum(passed)::int as n from step_passed where campaign_id = $1 group by step_id',
    [campaignId],
  );
  const of = (state: string): number => states.filter((row) => row.state === state).reduce((sum, row) => sum + row.n, 0);
  const ids = [
    ...new Set([...states.filter((row) => row.state === 'active').map((row) => row.stepId), ...passed.map((row) => row.stepId)]),
  ];
  return {
    entered: states.reduce((sum, row) => sum + row.n, 0),
    active: of('active'),
    completed: of('completed'),
    goal: of('goal'),
    exited: of('exited'),
    steps: ids.map((stepId) => ({
      stepId,
      active: states.find((row) => row.state === 'active' && row.stepId === stepId)?.n ?? 0,
      passed: passed.find((row) => row.stepId === stepId)?.n ?? 0,
    })),
  };
}
