import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('a lead nobody knows is a 404, however it is named', async () => {
  const firm = await workspace();
  for (const name of [
    '0190f0aa-0000-7000-8000-000000000000',
    'nobody@nowhere.example',
    'nonsense',
    '%00',
    '%F0%9F%AA%B4',
    "'%20or%201=1",
  ]) {
    for (const part of ['', '/timeline', '/why']) expect(await firm.get(`/v1/leads/${name}${part}`)).toHaveStatus(404);
  }
});

test('a query that makes no sense is refused, naming the field', async () => {
  const firm = await workspace();
  const refused: [string, string][] = [
    ['/v1/leads?limit=0', 'limit'],
    ['/v1/leads?limit=many', 'limit'],
    ['/v1/leads?stage=friend', 'stage'],
    ['/v1/leads?account=7', 'account'],
    ['/v1/leads?cursor=abc', 'cursor'],
    ['/v1/leads/someone@nowhere.example/timeline?cursor=%E2%9C%93', 'cursor'],
    ['/v1/accounts?limit=1000', 'limit'],
    ['/v1/accounts/7', 'id'],
  ];
  for (const [path, field] of refused) {
    const answer = await firm.get(path);
    expect(answer).toHaveStatus(422);
    expect(((await answer.json()) as { issues: { path: string }[] }).issues[0]!.path).toBe(field);
  }
  expect(await firm.get('/v1/accounts/0190f0aa-0000-7000-8000-000000000000')).toHaveStatus(404);
  expect(await firm.get('/v1/leads?q=%00')).toHaveStatus(400);
});
