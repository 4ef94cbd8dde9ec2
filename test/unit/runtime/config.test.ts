import { expect, test } from 'vitest';
import { readConfig } from '../../../runtime/config.ts';

const production = {
  TENDRIL_ENV: 'production',
  DATABASE_URL: 'postgresql://db.firm.example/tendril',
  TEMPORAL_ADDRESS: 'temporal.firm.example:7233',
  TENDRIL_SECRET: 'x'.repeat(40),
  PUBLIC_URL: 'https://tendril.firm.example',
  MAIL_TRANSPORT: 'capture',
};

test('in production nothing that matters has a default, who carries the mail least of all: each is named that is missing', () => {
  expect(readConfig(production).carriers.marketing).toBe('capture');
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TENDRIL_SECRET', 'PUBLIC_URL', 'MAIL_TRANSPORT'])
    expect(() => readConfig({ ...production, [name]: '' })).toThrow(`In production these settings are needed: ${name}`);
  expect(readConfig({}).carriers.marketing).toBe('capture');
});
