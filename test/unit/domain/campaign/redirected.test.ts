import { expect, test } from 'vitest';
import { campaign } from '../../../../domain/campaign/document.ts';
import { redirected } from '../../../../domain/campaign/redirected.ts';

test('whatever leaves the firm comes to one address instead, wherever it stands; people of the firm stay as they are', () => {
  const notify = (id: string, to: unknown) => ({ id, notify: { to, text: 'x' } });
  const steps = (chat: string, desk: string) => [
    notify('a', 'owner'),
    { id: 'b', branch: [{ when: { stage: 'mql' }, steps: [notify('c', chat), notify('d', { pool: 'sales' })] }] },
    { id: 'e', task: { to: 'owner', onOutcome: { lost: [notify('f', desk)] } } },
  ];
  const document = (chat: string, desk: string) =>
    campaign.parse({
      key: 'k',
      name: 'K',
      class: 'transactional',
      steps: steps(chat, desk),
      goal: { event: 'won', then: [notify('g', desk)] },
    });
  const me = 'me@firm.example';
  expect(redirected(document('https://chat.example/hook', 'desk@firm.example'), me)).toEqual(document(me, me));
});
