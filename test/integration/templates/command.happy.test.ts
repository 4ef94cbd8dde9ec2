import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tendril } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

test(
  'the command looks into a folder’s mails before they are pushed, follows their links, shows one to a lead, and prints it',
  { timeout: 120_000 },
  async () => {
    const firm = await workspace({
      documents: {
        template: {
          note: '---\nsubject: A note\npreheader: x\n---\n<mj-section><mj-column><mj-text>Dear {{default lead.first_name "reader"}}</mj-text></mj-column></mj-section>',
        },
      },
    });
    await firm.pool.query(
      `insert into lead (email, first_name, attributes) values ('mei@x.example', 'Mei', '{"prefers": "post", "street": "Hof 1", "city": "Kiel"}')`,
    );
    const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
    const dir = mkdtempSync(join(tmpdir(), 'tendril-mails-'));
    const site = createServer((request, response) => response.writeHead(request.url === '/here' ? 200 : 404).end());
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void site.close());
    const at = `http://localhost:${(site.address() as AddressInfo).port}`;
    mkdirSync(join(dir, 'templates'));
    writeFileSync(
      join(dir, 'templates/offer.mjml'),
      `---\nsubject: An offer\npreheader: x\n---\n<mj-section><mj-column><mj-text>\nDear {{lead.first_name}}, <a href="${at}/here">here</a> or <a href="${at}/gone">there</a></mj-text></mj-column></mj-section>\n`,
    );

    const linted = await tendril(['template', 'lint', dir, '--online'], env);
    expect(linted.code).toBe(1);
    expect(linted.out).toContain(
      "error   templates/offer.mjml:6: 'lead.first_name' may be missing\n        → write {{default lead.first_name '…'}}",
    );
    expect(linted.out).toContain(`templates/offer.mjml:6: ${at}/gone answers 404`);
    expect(linted.out).not.toContain('/here');
    expect(linted.out).toContain('the workspace has no postal address');

    const shown = await tendril(['template', 'preview', 'note', '--lead', 'mei@x.example'], env);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('A note  note.mjml: there is only one\n\nTendril\n\nDear Mei\n') });

    const file = join(dir, 'letters.csv');
    expect(await tendril(['template', 'letters', 'note', '--out', file], env)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toContain(',mei@x.example,Mei,,,,,Hof 1,,Kiel,,,"Mei\nHof 1\nKiel",A note,Dear Mei\r\n');
  },
);
