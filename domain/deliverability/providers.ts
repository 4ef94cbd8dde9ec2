/**
 * Families of mailboxes: one operator, one reputation, one idea of how fast we may come. Sources: the operators' own pages on their domains and
 * on the MX records that a customer's domain must have (Google Workspace, Microsoft 365, Yahoo, Apple iCloud, Tencent Exmail, NetEase,
 * Alibaba Mail, Mail.ru, Yandex 360, Proton, Zoho, IONOS). `hosts` are the ends of MX names; `word` matches a name under any country's ending.
 */
interface FamilyOfMailboxes {
  domains: readonly string[];
  word?: readonly string[];
  hosts: readonly string[];
}

export const families = {
  gmail: { domains: ['gmail.com', 'googlemail.com'], hosts: ['google.com', 'googlemail.com'] },
  outlook: {
    domains: ['msn.com', 'passport.com', 'windowslive.com'],
    word: ['outlook', 'hotmail', 'live'],
    hosts: ['protection.outlook.com', 'mx.microsoft', 'hotmail.com'],
  },
  yahoo: {
    domains: ['ymail.com', 'rocketmail.com', 'aol.com', 'aim.com', 'verizon.net', 'myyahoo.com'],
    word: ['yahoo', 'aol'],
    hosts: ['yahoodns.net', 'yahoo.co.jp'],
  },
  icloud: { domains: ['icloud.com', 'me.com', 'mac.com'], hosts: ['icloud.com'] },
  qq: { domains: ['qq.com', 'vip.qq.com', 'foxmail.com'], hosts: ['qq.com'] },
  netease: {
    domains: ['163.com', '126.com', 'yeah.net', '188.com', 'vip.163.com', 'vip.126.com'],
    hosts: ['netease.com', 'ym.163.com', 'qiye.163.com', 'ntes53.netease.com'],
  },
  aliyun: { domains: ['aliyun.com'], hosts: ['mxhichina.com', 'aliyun.com', 'qiye.aliyun.com'] },
  sina: { domains: ['sina.com', 'sina.cn', 'vip.sina.com', 'sina.com.cn'], hosts: ['sina.com.cn', 'sinamail.sina.com.cn'] },
  gmx: {
    domains: ['web.de', 'mail.com', 'email.de'],
    word: ['gmx'],
    hosts: ['gmx.net', 'web.de', 'gmx.com', 'mail.com', 'kundenserver.de', 'ionos.com', 'ionos.de'],
  },
  't-online': { domains: ['t-online.de', 'magenta.de'], hosts: ['t-online.de'] },
  orange: { domains: ['orange.fr', 'wanadoo.fr'], hosts: ['orange.fr', 'wanadoo.fr'] },
  mailru: { domains: ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru'], hosts: ['mail.ru'] },
  yandex: { domains: ['ya.ru', 'narod.ru'], word: ['yandex'], hosts: ['yandex.ru', 'yandex.net'] },
  proton: { domains: ['proton.me', 'protonmail.com', 'pm.me'], hosts: ['protonmail.ch'] },
  zoho: { domains: ['zohomail.com'], word: ['zoho'], hosts: ['zoho.com', 'zoho.eu', 'zoho.in', 'zohomail.com'] },
  comcast: { domains: ['comcast.net'], hosts: ['comcast.net'] },
} as const satisfies Record<string, FamilyOfMailboxes>;

export type Family = keyof typeof families;

const known: [Family, FamilyOfMailboxes][] = Object.entries(families) as [Family, FamilyOfMailboxes][];
const byDomain = new Map(known.flatMap(([family, { domains }]) => domains.map((domain) => [domain, family] as const)));
const byWord = new Map(known.flatMap(([family, { word = [] }]) => word.map((one) => [one, family] as const)));

/** The family of a well-known mailbox domain (`hotmail.co.uk`), or null: a domain of somebody's own. */
export function familyOf(domain: string): Family | null {
  return byDomain.get(domain) ?? byWord.get(/^([a-z]+)\.(?:com?\.)?[a-z]{2,3}$/.exec(domain)?.[1] ?? '') ?? null;
}

/** The family that runs these mail hosts (names of MX records, most preferred first), or null. */
export function familyOfHosts(hosts: readonly string[]): Family | null {
  for (const host of hosts) {
    const name = host.toLowerCase().replace(/\.$/, '');
    for (const [family, { hosts: ends }] of known) if (ends.some((end) => name === end || name.endsWith(`.${end}`))) return family;
  }
  return null;
}
