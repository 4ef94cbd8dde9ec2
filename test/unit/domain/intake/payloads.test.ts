import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseForm } from '../../../../domain/forms/form.ts';
import { readBody } from '../../../../domain/intake/body.ts';
import { type Mapped, mapAnswers } from '../../../../domain/intake/map.ts';
import { recognise } from '../../../../domain/intake/recognise.ts';
import type { Recognised } from '../../../../domain/intake/types.ts';

const folder = new URL('../../../fixtures/forms/', import.meta.url);
const form = parseForm({
  key: 'website',
  name: 'Website',
  purpose: 'contact',
  consent: { topic: 'news', textVersion: '1', field: 'news' },
});

/** The file as its sender's request body. */
async function requestOf(file: string): Promise<Response> {
  const written = readFileSync(new URL(file, folder), 'utf8').trim();
  if (file.endsWith('.txt')) return new Response(new URLSearchParams(written));
  if (file.endsWith('.urlencoded.json')) return new Response(new URLSearchParams(JSON.parse(written) as Record<string, string>));
  if (!file.endsWith('.multipart.json')) return new Response(written, { headers: { 'content-type': 'application/json' } });
  const data = new FormData();
  for (const [name, value] of Object.entries(JSON.parse(written) as Record<string, string>)) data.set(name, value);
  return new Response(data);
}

async function read(file: string): Promise<Recognised & Mapped> {
  const request = await requestOf(file);
  const body = await readBody(request.headers.get('content-type')!, new Uint8Array(await request.arrayBuffer()));
  const recognised = recognise(body.value, body.source);
  return { ...recognised, ...mapAnswers(recognised, form, 'US') };
}

describe('what the senders we know send', () => {
  test.each<[string, object]>([
    [
      'typeform.json',
      {
        provider: 'typeform',
        providerId: 'tok-9',
        email: 'ines@bombas.example',
        name: 'Inés Vidal',
        company: 'Bombas Vidal S.L.',
        phone: '+34612345678',
        consent: true,
        properties: { which_pumps: ['Slurry', 'Vacuum', 'Hand'] },
        circumstances: { utm: { source: 'fair' } },
      },
    ],
    [
      'tally.json',
      {
        provider: 'tally',
        providerId: 'sub-7',
        email: 'ola@kiln.example',
        name: 'Ola Nowak',
        message: 'Please call',
        properties: { uses: 'Cooling', grid_noise: 'Low', deposit_price: 5 },
      },
    ],
    [
      'webflow.json',
      { provider: 'webflow', providerId: 'wf-2', email: 'uwe@boehm.example', name: 'Uwe Böhm', company: 'Böhm KG', phone: '+4930901820' },
    ],
    ['webflow-legacy.json', { provider: 'webflow', providerId: 'wf-1', email: 'nia@obi.example', name: 'Nia Obi', company: null }],
    [
      'netlify.json',
      {
        provider: 'netlify',
        providerId: 'nf-4',
        email: 'ursel@moor.example',
        firstName: 'Ursel',
        lastName: 'van Moor',
        company: 'Moor BV',
        circumstances: { ip: '203.0.113.9' },
      },
    ],
    [
      'hubspot-form.json',
      {
        provider: 'hubspot',
        providerId: null,
        email: 'raj@stone.example',
        name: 'Raj Stone',
        company: 'Stone & Sons',
        title: 'Plant manager',
        consent: false,
      },
    ],
    [
      'hubspot-workflow.json',
      { provider: 'hubspot', providerId: '9:c-1:1896343872000', email: 'li@reed.example', name: 'Li Reed', phone: '+442079460958' },
    ],
    [
      'gravity.json',
      {
        provider: 'gravity',
        providerId: 'www.shop.example.za/3/12',
        email: 'thandi@shop.example.za',
        name: 'Thandi Nkosi',
        country: 'ZA',
        phone: '+27821234567',
      },
    ],
    [
      'plain.txt',
      { provider: 'form', email: 'zoe+shop@klein.example', name: 'Zoë Klein', country: 'DE', phone: '+4930901820', message: 'Bis bald!' },
    ],
  ])('%s', async (file, expected) => expect(await read(file)).toMatchObject(expected));
});

describe('other form tools, by the general rule alone', () => {
  test.each<[string, object]>([
    [
      'jotform.multipart.json',
      {
        provider: 'form',
        providerId: '5551',
        email: 'sofia@lund.example',
        name: 'Sofia Lund',
        company: 'Lund AB',
        phone: '+46812345678',
        message: 'How loud is it?',
      },
    ],
    [
      'elementor.urlencoded.json',
      {
        provider: 'form',
        email: 'rui@costa.example',
        name: 'Rui Costa',
        company: 'Costa Lda.',
        circumstances: { utm: { campaign: 'spring' } },
      },
    ],
    [
      'jinshuju.json',
      { provider: 'json', email: 'wang@huadong.example.cn', firstName: '小明', lastName: '王', name: '王小明', phone: '+8613800138000' },
    ],
    ['google-forms.json', { provider: 'json', email: 'chloe@petit.example', name: 'Chloé Petit', company: 'Petit SARL' }],
    ['fluent-forms.json', { provider: 'json', email: 'piotr@mazur.example', name: 'Piotr Mazur', message: 'Proszę o telefon' }],
    ['formstack.json', { provider: 'json', email: 'amy@yu.example', name: 'Amy Yu', phone: '+14155552671' }],
    ['wufoo.urlencoded.json', { provider: 'form', email: 'jan@vos.example', name: 'Jan Vos' }],
    [
      'zh-flat.json',
      {
        email: 'ouyang@lanhai.example',
        firstName: '娜',
        lastName: '欧阳',
        name: '欧阳娜',
        company: '蓝海泵业有限公司',
        title: '采购经理',
        phone: '+8613900139000',
        message: '请报价',
      },
    ],
    [
      'ja-nested.json',
      {
        email: 'taro@yamada.example',
        firstName: '太郎',
        lastName: '山田',
        company: '山田株式会社',
        phone: '+81312345678',
        message: '資料請求',
      },
    ],
  ])('%s', async (file, expected) => expect(await read(file)).toMatchObject(expected));
});
