import { parse } from 'tldts';
import { isFreeMail } from './mail-domains.ts';

/** Pages of firms stand there, but the domain is not the firm's. */
const shared = new Set(
  'facebook.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com google.com wikipedia.org weixin.com wechat.com weibo.com xing.com t.me wa.me linktr.ee bit.ly'.split(
    ' ',
  ),
);

/**
 * The registrable domain of the company behind an address or a website (`ana@mail.acme.co.uk`, `https://www.acme.co.uk/x` →
 * `acme.co.uk`), in ASCII. Null for free mail, for throw-away mail, for pages on social networks, and where there is none.
 */
export function companyDomain(input: string | null | undefined): string | null {
  const text = input?.normalize('NFKC').trim().toLowerCase();
  if (!text || text.length > 2_000 || /\s/.test(text)) return null;
  const mail = text.includes('@') && !text.includes('://');
  const found = parse(mail ? text.slice(text.lastIndexOf('@') + 1) : text, { allowPrivateDomains: true });
  const domain = found.isIp ? null : toAscii(found.domain);
  if (!domain || domain === 'localhost' || isFreeMail(domain) || (found.hostname && isFreeMail(found.hostname))) return null;
  return !mail && shared.has(domain) ? null : domain;
}

function toAscii(domain: string | null): string | null {
  if (!domain || !domain.includes('.')) return null;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}

/** Forms of a firm, as they read after `fold`; longest first where one ends another. */
const endings = forms(
  'gmbh and co kgaa;gmbh and co kg;gmbh co kg;gmbh;mbh;ggmbh;ag and co kg;ag;kg;kgaa;ohg;gbr;ug haftungsbeschrankt;ug;e k;ek;ev;eg;se;and co;co;company;incorporated;inc;' +
    'corporation;corp;llc;llp;lp;pllc;pc;plc;limited;ltd;pty ltd;pty;pvt ltd;pvt;private limited;private;sdn bhd;bhd;pte ltd;pte;cc;npc;soc;' +
    'sa;sas;sasu;sarl;eurl;snc;sci;scop;sl;slu;sau;sl u;srl;srls;spa;sapa;societa per azioni;sociedad anonima;sociedad limitada;sa de cv;s de rl de cv;sab de cv;ltda;limitada;eireli;me;epp;' +
    'nv;bv;bvba;vof;cv;cvba;ab;aktiebolag;hb;as;asa;a s;aps;i s;oy;oyj;ab oy;sp z o o;sp zoo;sp z oo;spolka z o o;spolka akcyjna;sp k;sp j;sro;s r o;spol s r o;kft;zrt;nyrt;bt;doo;d o o;dd;ad;ood;eood;sia;uab;ou;as oy;' +
    'as;a s;ltd sti;limited sirketi;anonim sirketi;san tic;ooo;oao;zao;pao;ао;ооо;оао;зао;пао;тов;ип;co ltd;jsc;pjsc;llp;fzco;fze;fz llc;wll;kk;k k;gk;tbk',
).map((form) => ` ${form}`);
const beginnings = forms('ооо;оао;зао;пао;ао;тов;ип;pt;cv;ooo;oao;zao;pao;firma;fa;the').map((form) => `${form} `);
const asian = [
  '集团股份有限公司',
  '股份有限公司',
  '有限责任公司',
  '科技有限公司',
  '有限公司',
  '股份公司',
  '集团公司',
  '総合研究所',
  '株式会社',
  '有限会社',
  '合同会社',
  '合資会社',
  '合名会社',
  '주식회사',
  '유한회사',
  '유한책임회사',
];
const bracketed = /[([](?:株|有|合|주|유|股)[)\]]/gu;

function forms(list: string): string[] {
  return [...new Set(list.split(';'))].toSorted((a, b) => b.length - a.length);
}

/**
 * A company's name as it is compared: case, width, accents, punctuation and the form of the firm (GmbH, Ltd, S.A., 有限公司 …)
 * folded away. A hint that two names may be one firm, never an identity. Null when nothing is left.
 */
export function accountNameKey(name: string | null | undefined): string | null {
  let key = fold((name ?? '').slice(0, 300));
  for (let before = ''; before !== key;) {
    before = key;
    key = stripOnce(key);
  }
  return key || null;
}

function fold(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(bracketed, ' ')
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ı', 'i')
    .replaceAll(/[&+]/g, ' and ')
    .replaceAll(/(?<=(?:^|[^\p{L}])\p{L})\.(?=\p{L}(?:[^\p{L}]|$))/gu, '')
    .replaceAll(/['’`´]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function stripOnce(key: string): string {
  for (const form of asian) {
    if (key.endsWith(form) && key.length > form.length) return key.slice(0, -form.length).trim();
    if (key.startsWith(form) && key.length > form.length) return key.slice(form.length).trim();
  }
  const ending = endings.find((form) => key.endsWith(form));
  if (ending) return key.slice(0, -ending.length).trim();
  const beginning = beginnings.find((form) => key.startsWith(form));
  return beginning ? key.slice(beginning.length).trim() : key;
}
