import { randomUUID } from 'node:crypto';
import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mail, MailWorkspace } from '../../../domain/delivery/mail.ts';
import { leastTracking, trackings } from '../../../domain/tracking/hit.ts';
import { verifyLink } from '../../../messaging/links.ts';
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

test('a template says which of its links are made for one reader', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tendril-track-'));
  await mkdir(join(dir, 'layout'));
  await writeFile(
    join(dir, 'layout', 'letter.mjml'),
    '<mjml><mj-body><mj-section><mj-column><mj-text><!-- preheader --><!-- body --></mj-text></mj-column></mj-section></mj-body></mjml>',
  );
  const links = [
    'https://a.example/',
    'https://b.example/{{params.page}}',
    'https://c.example/{{lead.id}}',
    '{{default lead.site params.page}}',
  ];
  await writeFile(join(dir, 'x.mjml'), `---\nsubject: x\n---\n${links.map((href, n) => `<a name="l${n}" href="${href}">l</a>`).join(' ')}`);
  const personal = new Map<string, boolean>();
  const view = { params: { page: 'p' }, lead: { id: '7', site: 'https://d.example/' } };
  (await loadTemplates([dir])).render('x', view, (name, url, own) => {
    personal.set(name, own);
    return url;
  });
  expect([...personal]).toEqual([
    ['l0', false],
    ['l1', false],
    ['l2', true],
    ['l3', true],
  ]);
});

test('nothing but the picture is hidden in a mail, unless the firm wants the link for scanners', () => {
  const plain = createTrackedLinks({ secret, publicUrl, store: async () => {} });
  const { marks } = trackingOf(mail({ tracking: 'on' }), { ...firm, tracking: 'on' }, { trackedLinks: plain, secret, publicUrl });
  expect(marks).toContain('/i/');
  expect(marks).not.toContain('<a ');
});
