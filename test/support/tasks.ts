import { campaignOf, launch } from './campaigns.ts';
import { look } from './nurture.ts';
import { happen } from './people.ts';
import type { Workspace } from './workspace.ts';

/** Somebody comes to a step that gives ana a task. Answers its id, and the path of the link in the mail. */
export async function openTask(firm: Workspace, email = 'mei@huadong.example'): Promise<{ id: string; link: string }> {
  const steps = [
    { id: 'call', task: { to: 'ana', title: 'Call them', onOutcome: { refused: [{ id: 'over', exit: 'refused' }] } } },
    { id: 'end', exit: 'called' },
  ];
  await launch(firm, campaignOf({ steps }));
  await happen(firm.pool, 'signed_up', [{ email }]);
  await look(firm, 'trial');
  const { rows } = await firm.pool.query<{ id: string }>('select id from task order by created_at desc limit 1');
  return { id: rows[0]!.id, link: await taskLink(firm) };
}

/** The path of the link in the newest mail about a task. */
export async function taskLink({ pool }: Workspace): Promise<string> {
  const { rows } = await pool.query<{ url: string }>(
    `select params ->> 'taskUrl' as url from send where template = 'task' order by queued_at desc, id desc limit 1`,
  );
  return new URL(rows[0]!.url).pathname;
}
