import { confirm, isCancel } from '@clack/prompts';
import { Failure } from './failure.ts';

/** Asks before something that cannot be undone. Where nobody can answer, `--yes` has to say it. */
export async function confirmed(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new Failure('This cannot be undone', ['say --yes']);
  const answer = await confirm({ message: question, initialValue: false });
  if (isCancel(answer) || !answer) throw new Failure('Nothing was changed');
}
