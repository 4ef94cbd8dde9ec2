import { sleep } from '@temporalio/workflow';

/** What nobody may do to a workflow that runs somewhere: sleep where it used to look. */
async function other(): Promise<void> {
  await sleep('1 hour');
}

export { other as delivery, other as nurture, other as qualification, other as scoring, other as sequence, other as sweep };
