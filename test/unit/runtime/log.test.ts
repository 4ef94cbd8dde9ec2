import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLocalLog } from '../../../runtime/log.ts';

test('a log line keeps ids, and hides secrets, addresses and what Postgres tells of a row', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tendril-log-'));
  try {
    const log = createLocalLog('info', join(dir, 'tendril.log'));
    const refused = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(mei@huadong.example) already exists.',
    });
    log.info({ leadId: '0190', email: 'mei@huadong.example', request: { authorization: 'Bearer tnd_1', path: '/v1/leads' } }, 'stored');
    log.info({ err: refused }, 'not stored');
    log.debug('below the level');

    const text = readFileSync(join(dir, 'tendril.log'), 'utf8');
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', leadId: '0190', msg: 'stored', request: { path: '/v1/leads' } });
    expect(JSON.parse(lines[1]!)).toMatchObject({ err: { type: 'Error', message: 'duplicate key', code: '23505' } });
    expect(text).not.toMatch(/huadong|tnd_1/);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
