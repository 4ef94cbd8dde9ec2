import type { Workspace } from './workspace.ts';

/** Topics that the tests' campaigns name: mail goes out unless somebody objects. */
export const topics = { topics: { default: { topics: [{ key: 'news', name: 'News', basis: 'legitimate-interest' }] } } };

/** A campaign document with what every one needs; the rest as given. */
export function campaignOf(rest: Record<string, unknown>): Record<string, unknown> {
  return { key: 'trial', name: 'Trial', topic: 'news', entry: { event: 'signed_up' }, ...rest };
}

/** Saves and launches a campaign. Throws with the findings when it is refused. */
export async function launch(firm: Workspace, document: Record<string, unknown>): Promise<void> {
  for (const answer of [await firm.post('/v1/campaigns', document), await firm.post(`/v1/campaigns/${String(document['key'])}/launch`)]) {
    if (!answer.ok) throw new Error(await answer.text());
  }
}

/** Where somebody stands in a campaign, newest enrolment first. */
export async function standing(firm: Workspace, campaign: string, email: string) {
  const { rows } = await firm.pool.query<{
    state: string;
    stepId: string;
    waiting: string | null;
    dueAt: Date | null;
    endReason: string | null;
    error: string | null;
  }>(
    `select e.state, e.step_id as "stepId", e.waiting, e.due_at as "dueAt", e.end_reason as "endReason", e.error
       from enrolment e join campaign c on c.id = e.campaign_id join lead l on l.id = e.lead_id
      where c.key = $1 and l.email = $2 order by e.entered_at desc, e.id desc`,
    [campaign, email],
  );
  return rows;
}
