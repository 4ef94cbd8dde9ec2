import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseForm } from '../../../../domain/forms/form.ts';
import { readBody } from '../../../../domain/intake/body.ts';
import { type Mapped, mapAnswers } from '../../../../domain/intake/map.ts';
import { recognise } from '../../../../domain/intake/recognise.ts';

/** Payloads as form tools document them, where the folder beside the repository is there. */
const folder = new URL('../../../../../shared/fixtures/forms/', import.meta.url);
const form = parseForm({ key: 'website', name: 'Website', purpose: 'contact' });

async function read(file: string): Promise<Mapped & { provider: string; providerId: string | null }> {
  const bytes = readFileSync(new URL(file, folder));
  const body = await readBody(
    file.endsWith('.txt') ? 'application/x-www-form-urlencoded' : 'application/json',
    file.endsWith('.txt') ? Buffer.from(bytes.toString().trim()) : bytes,
  );
  const recognised = recognise(body.value, body.source);
  return { ...mapAnswers(recognised, form, 'US'), provider: recognised.provider, providerId: recognised.providerId };
}

if (!existsSync(folder)) console.warn('shared form fixtures are not there: their suite is skipped');

describe.skipIf(!existsSync(folder))('payloads as their senders document them', () => {
  const none = { firstName: null, lastName: null, name: null, phone: null, company: null };
  test.each<[string, Partial<Mapped> & { provider: string; providerId: string | null }]>([
    [
      'typeform.json',
      { ...none, provider: 'typeform', providerId: 'a3a12ec67a1365927098a606107fac15', email: 'laura@example.com', firstName: 'Laura' },
    ],
    [
      'tally.json',
      {
        ...none,
        provider: 'tally',
        providerId: '2wgx4n',
        email: 'alice@example.com',
        phone: '+32491223344',
        website: 'example.com',
        firstName: 'Alice',
        lastName: 'Smith',
        name: 'Alice Smith',
        message: 'Hello world',
      },
    ],
    [
      'webflow.json',
      {
        ...none,
        provider: 'webflow',
        providerId: '6321ca84df3949bfc6752327',
        email: 'zaphod@heartofgold.ai',
        phone: '+15550000000',
        firstName: 'Zaphod',
        lastName: 'Beeblebrox',
        name: 'Zaphod Beeblebrox',
      },
    ],
    [
      'webflow-v1-legacy.json',
      {
        ...none,
        provider: 'webflow',
        providerId: '6321ca84df3949bfc6752327',
        email: 'some.one@home.com',
        firstName: 'Some',
        lastName: 'One',
        name: 'Some One',
      },
    ],
    [
      'netlify-form.json',
      {
        ...none,
        provider: 'netlify',
        providerId: '614d2b91e3695a1fb8eb52c5',
        email: 'kevin@example.com',
        firstName: 'Kevin',
        name: 'Kevin',
        message: 'Hey there, just checking out to say how nice this website is!',
      },
    ],
    [
      'netlify-submission-created-function.json',
      {
        ...none,
        provider: 'netlify',
        providerId: '627a533894a7dd09dd3e0abf',
        email: 'user-email@example.org',
        firstName: 'Ursula',
        lastName: 'Le Guin',
        name: 'Ursula K. Le Guin',
        locale: 'es',
      },
    ],
    ['hubspot-form-submission.json', { ...none, provider: 'hubspot', providerId: null, email: 'example@example.com', firstName: 'Jeff' }],
    [
      'hubspot-secure-submission.json',
      { ...none, provider: 'hubspot', providerId: null, email: 'example@example.com', lastName: 'Example Lastname' },
    ],
    [
      'hubspot-workflow-webhook.json',
      {
        ...none,
        provider: 'hubspot',
        email: 'perf_user_970@test.com',
        firstName: 'perf_user_970',
        lastName: 'perf_user_970',
        name: 'perf_user_970 perf_user_970',
        providerId: '71:2e137f47a86e48798322d47f6f529a93:1325633423000',
      },
    ],
    [
      'gravity-forms.json',
      {
        ...none,
        provider: 'gravity',
        providerId: 'www.example.co.za/1/3234',
        email: 'sam@example.co.za',
        phone: '+27600000000',
        firstName: 'Sam',
        lastName: 'Sample',
        name: 'Sam Sample',
      },
    ],
    [
      'gravity-forms-subinputs.json',
      { ...none, provider: 'gravity', providerId: 'wordpress.test/1/2', email: null, firstName: 'Jane', lastName: 'Doe', name: 'Jane Doe' },
    ],
    [
      'html-urlencoded-plus.txt',
      {
        ...none,
        provider: 'form',
        providerId: null,
        email: 'john.doe@example.com',
        firstName: 'John',
        lastName: 'Doe',
        name: 'John Doe',
        message: 'Hello world!',
      },
    ],
    [
      'html-urlencoded-percent20.txt',
      {
        ...none,
        provider: 'form',
        providerId: null,
        email: 'john.doe@example.com',
        firstName: 'John',
        lastName: 'Doe',
        name: 'John Doe',
        message: 'Hello, world!',
      },
    ],
  ])('%s', async (file, expected) => {
    expect(await read(file)).toMatchObject(expected);
  });
});
