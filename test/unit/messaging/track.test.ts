import { randomUUID } from 'node:crypto';
import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mail, MailWorkspace } from '../../../domain/delivery/mail.ts';
import { leastTracking, trackings } from '../../../domain/tracking/hit.ts';
import { verifyLink } from '../../../messaging/links.ts';
import { personalMail } from '../../../messaging/personal.ts';
import { loadTemplates } from '../../../messaging/templates.ts';
import { trackingOf } from '../../../messaging/track.ts';
import { createTrackedLinks } from '../../../messaging/tracked-links.ts';

const secret = 'a secret of the tests, long enough';
const publicUrl = 'https://t.example';
const trackedLinks = createTrackedLinks({ secret, publicUrl, hiddenLink: true, store: async () => {} });
const firm: MailWorkspace = { name: 'Firm', postalAddress: null, timezone: 'UTC', tracking: 'on' };
const mail = (more: Partial<Mail> = {}): Mail => ({ id: randomUUID(), class: 'marketing', tracking: 'on', ...more }) as Mail;
const SHORT = /^https:\/\/t\.example\/c\/[\w-]{45}$/;

test('an address that all readers share becomes short; one made for a reader carries itself, sealed; one too long stays the author’s', () => {
  const { track } = trackingOf(mail(), firm, { trackedLinks, secret, publicUrl });
  const shared = track('pricing', 'https://firm.example/pricing', false);
  expect(shared).toMatch(SHORT);
  expect(track('pricing', 'https://firm.example/pricing', false), 'the text part has the same').toBe(shared);
  const own = track('quote', 'https://firm.example/quote/4711', true);
  const token = own.slice(`${publicUrl}/c/`.length);
  expect(verifyLink(secret, 'click', token, new Date())).toMatchObject({ l: 'quote', u: 'https://firm.example/quote/4711', p: 1 });
  const long = `https://firm.example/?q=${'x'.repeat(3_000)}`;
  expect(track('long', long, true)).toBe(long);
  expect(track('mail', 'mailto:a@firm.example', false)).toBe('mailto:a@firm.example');
});

test('mail to reps is never tracked, and nobody is tracked more than each of three allows', () => {
  const url = 'https://firm.example/';
  expect(trackingOf(mail({ class: 'internal' }), firm, { trackedLinks, secret, publicUrl }).track('a', url, false)).toBe(url);
  fc.assert(
    fc.property(fc.constantFrom(...trackings), fc.constantFrom(...trackings), (said, other) => {
      const least = leastTracking(said, other);
      expect(least).toBe(leastTracking(other, said));
      const { track, marks } = trackingOf(mail({ tracking: said }), { ...firm, tracking: other }, { trackedLinks, secret, publicUrl });
      expect(track('a', url, false) === url).toBe(least === 'off');
      expect(marks.includes('/i/')).toBe(least === 'on');
      expect(marks.includes('display:none')).toBe(least !== 'off');
    }),
  );
});

/** A folder of templates with nothing but a layout in it. */
async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tendril-track-'));
  await mkdir(join(dir, 'layout'));
  await writeFile(
    join(dir, 'layout', 'letter.mjml'),
    '<mjml><mj-body><mj-section><mj-column><mj-text><!-- preheader --><!-- body --></mj-text></mj-column></mj-section></mj-body></mjml>',
  );
  return dir;
}

test('a template says which of its links are made for one reader', async () => {
  const dir = await folder();
  const links = [
    'https://a.example/',
    'https://b.example/{{params.page}}',
    'https://c.example/{{lead.id}}',
    'https://{{workspace.name}}.example/{{params.entry.page}}',
    '{{#if lead.id}}https://e.example/{{else}}https://f.example/{{/if}}',
  ];
  await writeFile(join(dir, 'x.mjml'), `---\nsubject: x\n---\n${links.map((href, n) => `<a name="l${n}" href="${href}">l</a>`).join(' ')}`);
  const personal = new Map<string, boolean>();
  const view = { params: { page: 'p', entry: { page: 'q' } }, lead: { id: '7', site: 'https://d.example/' }, workspace: { name: 'firm' } };
  (await loadTemplates([dir])).render('x', view, (name, url, own) => {
    personal.set(name, own);
    return url;
  });
  expect([...personal]).toEqual([
    ['l0', false],
    ['l1', false],
    ['l2', true],
    ['l3', true],
    ['l4', true],
  ]);
});

test('a link that leads where its reader says leads there by itself, and not through our address', async () => {
  const dir = await folder();
  const view = {
    lead: { site: 'https://evil.example/', name: '.evil.example/' },
    params: {
      entry: { url: 'https://evil.example/', items: [{ url: 'https://evil.example/' }] },
      items: [{ url: 'https://firm.example/' }],
      on: true,
    },
  };
  const trackedIn = async (body: string): Promise<string[]> => {
    await writeFile(join(dir, 'x.mjml'), `---\nsubject: x\n---\n${body}`);
    const urls: string[] = [];
    (await loadTemplates([dir])).render('x', view, (_, url) => {
      urls.push(url);
      return url;
    });
    return urls;
  };
  const link = (href: string): string => `<a href="${href}">l</a>`;
  for (const href of [
    '{{lead.site}}',
    '{{{lead.site}}}',
    '{{default lead.site params.none}}',
    '{{params.entry.url}}',
    '{{#if params.on}}{{params.entry.url}}{{else}}https://firm.example/{{/if}}',
    'https://firm.example{{lead.name}}',
    'https://{{lead.name}}/',
  ])
    expect([href, await trackedIn(link(href))]).toEqual([href, []]);
  expect(await trackedIn(`{{#each params.entry.items}}${link('{{url}}')}{{/each}}`)).toEqual([]);
  expect(new Set(await trackedIn(`{{#each params.items}}${link('{{url}}')}{{/each}}`))).toEqual(new Set(['https://firm.example/']));
});

test('in a letter of a rep the links are counted that the rep, the sequence or the firm wrote, not those that a name is', () => {
  const said = (text: string, params: object = {}): string[] => {
    const view = {
      lead: { first_name: 'https://evil.example/x', domain: '.evil.example/' },
      account: { name: 'http://evil.example' },
      rep: { meet: 'https://meet.example/ana' },
      params: { text, ...params },
    };
    const urls: string[] = [];
    const track = (_: string, url: string): string => {
      urls.push(url);
      return url;
    };
    personalMail({ params: { thread: 'new', subject: null, text, ...params } } as unknown as Mail, view, track);
    return urls;
  };
  expect(said('Hello {{lead.first_name}} of {{account.name}}, see https://firm.example/p?n={{lead.first_name}}, or {{rep.meet}}.')).toEqual(
    ['https://firm.example/p?n=https://evil.example/x', 'https://meet.example/ana'],
  );
  expect(said('https://firm.example{{lead.domain}} {{params.entry.url}}', { entry: { url: 'https://evil.example/' } })).toEqual([]);
  expect(said('{{#if lead.domain}}https://firm.example{{/if}} and https://b.example.', { relay: { to: { name: 'x' } } })).toEqual([
    'https://firm.example',
    'https://b.example',
  ]);
  expect(said('Hello https://evil.example/x', { written: true }), 'a person has looked through it').toEqual(['https://evil.example/x']);
});

test('nothing but the picture is hidden in a mail, unless the firm wants the link for scanners', () => {
  const plain = createTrackedLinks({ secret, publicUrl, store: async () => {} });
  const { marks } = trackingOf(mail({ tracking: 'on' }), { ...firm, tracking: 'on' }, { trackedLinks: plain, secret, publicUrl });
  expect(marks).toContain('/i/');
  expect(marks).not.toContain('<a ');
});
