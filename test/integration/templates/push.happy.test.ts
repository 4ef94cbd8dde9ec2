import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { tendril } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const mail = (subject: string, text: string) =>
  `---\nsubject: "${subject}"\npreheader: A word from us\n---\n<mj-section><mj-column>\n  <mj-text>${text}</mj-text>\n</mj-column></mj-section>\n`;

const files = {
  'topics.yaml': 'topics: [{ key: news, name: News }]\n',
  'campaigns/hello.yaml': `key: hello
name: Hello
class: transactional
entry: { event: signed_up }
steps:
  - { id: hi, send: { template: hi, params: { pumps: 2 } } }
`,
  'templates/hi.mjml': mail(
    "Hello {{default lead.first_name 'you'}}",
    "{{plural params.pumps one='# pump' other='# pumps'}} for you.</mj-text>\n  {{> offices city='Kiel'}}<mj-text>Bye",
  ),
  'templates/hi.de.mjml': mail(
    'Guten Tag',
    "{{plural params.pumps one='# Pumpe' other='# Pumpen'}} für Sie.</mj-text>\n  {{> offices city='Kiel'}}<mj-text>Bis bald",
  ),
  'templates/blocks/offices.mjml': '<mj-text>Our yard is in {{block.city}}.</mj-text>\n',
  'templates/blocks/offices.de.mjml': '<mj-text>Unser Hof ist in {{block.city}}.</mj-text>\n',
};

test(
  'a marketer adds a mail, its German variant and a block by a push, and everybody who sends has them at once',
  { timeout: 120_000 },
  async () => {
    const firm = await workspace();
    await firm.startWorker();
    const dir = mkdtempSync(join(tmpdir(), 'tendril-mails-'));
    const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
    const run = (...args: string[]) => tendril(args, env);
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    };
    for (const [path, text] of Object.entries(files)) write(path, text);

    const pushed = await run('push', dir);
    expect(pushed, pushed.out).toMatchObject({ code: 0, err: '' });
    expect(pushed.out).toContain('+ templates/hi.de.mjml');
    expect(pushed.out).toContain('+ templates/blocks/offices.mjml');
    expect(await firm.post('/v1/campaigns/hello/launch', {})).toHaveStatus(200);

    const signUp = async (email: string, locale: string) => {
      expect(
        await firm.post('/v1/batch', {
          batch: [
            { type: 'identify', userId: email, traits: { email, locale }, context: { locale } },
            { type: 'track', userId: email, event: 'signed_up' },
          ],
        }),
      ).toHaveStatus(200);
      await firm.settle();
      const [received] = (await firm.outbox(email)).slice(-1);
      return received!;
    };
    expect(await signUp('ann@x.example', 'en-US')).toMatchObject({
      subject: 'Hello you',
      text: expect.stringMatching(/2 pumps for you\.\s+Our yard is in Kiel\.\s+Bye/),
    });
    expect(await signUp('eva@x.example', 'de-AT')).toMatchObject({
      subject: 'Guten Tag',
      text: expect.stringMatching(/2 Pumpen für Sie\.\s+Unser Hof ist in Kiel\.\s+Bis bald/),
    });

    const { items: reasons } = (await (await firm.get('/v1/leads/eva@x.example/why')).json()) as { items: { words: string }[] };
    expect(reasons.map(({ words }) => words)).toContainEqual(expect.stringContaining('mail hi queued, for a reader of de-AT'));

    // The next version is everybody's from the moment it is stored.
    write('templates/hi.mjml', files['templates/hi.mjml'].replace('Hello {{', 'Welcome {{'));
    expect((await run('push', dir)).out).toContain('~ templates/hi.mjml');
    expect(await signUp('bob@x.example', 'fr')).toMatchObject({ subject: 'Welcome you' });

    // What was stored comes back as it was written.
    const before = readFileSync(join(dir, 'templates/hi.de.mjml'), 'utf8');
    rmSync(join(dir, 'templates'), { recursive: true });
    expect((await run('pull', dir)).out).toContain('templates/hi.de.mjml');
    expect(readFileSync(join(dir, 'templates/hi.de.mjml'), 'utf8')).toBe(before);

    // With one fault nothing is stored, and it is told with file and line.
    write('templates/hi.mjml', mail('Hello {{lead.first_name}}', 'Your {{lead.plant_size}} and {{params.valves}}'));
    const refused = await run('push', dir);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("templates/hi.mjml:2: 'lead.first_name' may be missing");
    expect(refused.out).toContain("templates/hi.mjml:6: 'lead.plant_size' may be missing");
    expect(refused.out).toContain("hi.mjml line 6: 'params.valves' is not given");
    expect(refused.out).toContain('Nothing was stored');
  },
);
