import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workspace, type Workspace } from '../../support/workspace.ts';

const ours = new URL('../../fixtures/forms/', import.meta.url);
const shared = new URL('../../../../shared/fixtures/forms/', import.meta.url);
if (!existsSync(shared)) console.warn('shared form fixtures are not there: posting them is skipped');

let firm: Workspace;
beforeAll(
  async () => void (firm = await workspace({ documents: { form: { website: { key: 'website', name: 'Website', purpose: 'contact' } } } })),
);
afterAll(() => firm.close());

/** Posts a payload as its sender would, and answers the lead that came of it, or the state it waits in. */
async function post(folder: URL, file: string): Promise<unknown> {
  const written = readFileSync(new URL(file, folder), 'utf8').trim();
  const answer = await firm.anyone.post(
    '/f/website',
    bodyOf(file, written),
    file.endsWith('.json') && !/\.(urlencoded|multipart)\./.test(file) ? { 'content-type': 'application/json' } : {},
  );
  expect(answer).toHaveStatus(202);
  const { submissionId, state } = (await answer.json()) as { submissionId: string; state: string };
  if (state !== 'accepted') return state;
  const { rows } = await firm.pool.query<{ lead: unknown[] }>(
    `select array[l.email, coalesce(l.name, concat_ws(' ', l.first_name, l.last_name)), l.company] as lead from submission s join lead l on l.id = s.lead_id where s.id = $1`,
    [submissionId],
  );
  return rows[0]!.lead;
}

function bodyOf(file: string, written: string): string | FormData | URLSearchParams {
  if (file.endsWith('.txt')) return new URLSearchParams(written);
  if (file.includes('.urlencoded.')) return new URLSearchParams(JSON.parse(written) as Record<string, string>);
  if (!file.includes('.multipart.')) return written;
  const data = new FormData();
  for (const [name, value] of Object.entries(JSON.parse(written) as Record<string, string>)) data.set(name, value);
  return data;
}

test.each(readdirSync(ours).filter((file) => !file.endsWith('.md')))('%s, posted, is a lead with an address and a name', async (file) => {
  expect(await post(ours, file)).toEqual([
    expect.stringMatching(/@/),
    expect.stringMatching(/./),
    file.match(/jinshuju|fluent|formstack|wufoo|gravity|legacy|tally|workflow|plain/) ? null : expect.any(String),
  ]);
});

describe.skipIf(!existsSync(shared))('payloads as their senders document them, posted', () => {
  test.each<[string, unknown]>([
    ['typeform.json', ['laura@example.com', 'Laura', null]],
    ['tally.json', ['alice@example.com', 'Alice Smith', null]],
    ['webflow.json', ['zaphod@heartofgold.ai', 'Zaphod Beeblebrox', null]],
    ['webflow-v1-legacy.json', ['some.one@home.com', 'Some One', null]],
    ['netlify-form.json', ['kevin@example.com', 'Kevin', null]],
    ['netlify-submission-created-function.json', ['user-email@example.org', 'Ursula K. Le Guin', null]],
    ['hubspot-form-submission.json', ['example@example.com', 'Jeff', null]],
    ['hubspot-secure-submission.json', ['example@example.com', 'Jeff Example Lastname', null]],
    ['hubspot-workflow-webhook.json', ['perf_user_970@test.com', 'perf_user_970 perf_user_970', null]],
    ['gravity-forms.json', ['sam@example.co.za', 'Sam Sample', null]],
    ['gravity-forms-subinputs.json', 'review'],
    ['html-urlencoded-plus.txt', ['john.doe@example.com', 'John Doe', null]],
    ['html-urlencoded-percent20.txt', ['john.doe@example.com', 'John Doe', null]],
  ])('%s', async (file, expected) => expect(await post(shared, file)).toEqual(expected));
});
