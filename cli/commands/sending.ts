import { command, group } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';

interface Sending {
  stopped: boolean;
  since: string | null;
  lanes: { key: string; stoppedReason: string | null; heldUntil: string | null }[];
}

function tell(sending: Sending, json: boolean): void {
  if (json) return sayJson(sending);
  say(
    sending.stopped
      ? `${paint('red', '✗')} All sending is stopped, since ${sending.since}. What is due waits.`
      : `${paint('green', '✓')} Mail leaves.`,
  );
  for (const { key, stoppedReason, heldUntil } of sending.lanes) {
    if (stoppedReason) say(`  ${paint('yellow', key)} stands still: ${stoppedReason}`);
    else if (heldUntil) say(`  ${paint('yellow', key)} waits until ${heldUntil}`);
  }
}

const show = command({
  name: 'show',
  description: 'Whether mail leaves',
  run: async ({ args, client }) => tell(await client.get<Sending>('/v1/sending'), args.json),
});

const stop = command({
  name: 'stop',
  description: 'Stop all sending at once; nothing is lost',
  run: async ({ args, client }) => tell(await client.post<Sending>('/v1/sending', { stopped: true }), args.json),
});

const start = command({
  name: 'start',
  description: 'Let sending go on',
  run: async ({ args, client }) => tell(await client.post<Sending>('/v1/sending', { stopped: false }), args.json),
});

/** `tendril sending …`: the one switch. */
export const sending = group('sending', 'The one switch: stop or start all sending', { show, stop, start }, 'show');
