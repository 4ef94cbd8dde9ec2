import { campaign } from '../domain/campaign/document.ts';
import { outline } from '../domain/campaign/outline.ts';
import { type CampaignCounts, campaignCounts, type CampaignRow, newestDocument } from './campaigns.ts';
import type { Queryable } from './pool.ts';
import { pausedSteps } from './step-pause.ts';

export interface CampaignStatus extends Omit<CampaignCounts, 'steps'> {
  waiting: number;
  failing: number;
  steps: { id: string; kind: string; words: string; depth: number; active: number; passed: number; paused: boolean }[];
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
  const drawn = outline(campaign.parse(await newestDocument(tx, id)));
  const of = (stepId: string) => counted.find((one) => one.stepId === stepId) ?? { active: 0, passed: 0 };
  const steps = drawn.map((step) => ({ ...step, active: of(step.id).active, passed: of(step.id).passed, paused: stopped.has(step.id) }));
  const older = counted.filter(({ stepId }) => !drawn.some((step) => step.id === stepId));
  return {
    ...totals,
    ...rows[0]!,
    steps: [
      ...steps,
      ...older.map(({ stepId, ...n }) => ({
        id: stepId,
        kind: 'former',
        words: 'a step of an earlier version',
        depth: 0,
        paused: stopped.has(stepId),
        ...n,
      })),
    ],
  };
}
