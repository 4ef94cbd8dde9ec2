import { outline } from '../domain/campaign/outline.ts';
import { parseVersion } from '../domain/sequences/version.ts';
import { type CampaignCounts, campaignCounts, type CampaignRow, newestDocument } from './campaigns.ts';
import { stepReaders } from './hits-read.ts';
import type { Queryable } from './pool.ts';
import { pausedSteps } from './step-pause.ts';

export interface CampaignStatus extends Omit<CampaignCounts, 'steps'> {
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
