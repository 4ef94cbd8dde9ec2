import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Tables that come with a package, read once when this module is loaded, as its own index.js would: it looks them up one by one.
const require = createRequire(import.meta.url);
const table = (name: string) =>
  new Set(
    readFileSync(require.resolve(`freemail/data/${name}.txt`), 'utf8')
      .split('\n')
      .filter(Boolean),
  );

const disposable = table('disposable');
const free = table('free');

/** Large providers that the tables lack, or that are telephone companies' mail. */
const more =
  'qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net 188.com 139.com 189.cn wo.cn sina.com sina.cn vip.sina.com sohu.com tom.com 21cn.com aliyun.com 263.net ' +
  'mail.ru inbox.ru list.ru bk.ru internet.ru yandex.ru ya.ru yandex.com rambler.ru lenta.ru ukr.net i.ua mail.by ' +
  'gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de arcor.de online.de posteo.de mailbox.org ' +
  'gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.co.uk live.com msn.com icloud.com me.com mac.com yahoo.com yahoo.co.jp aol.com ' +
  'proton.me protonmail.com pm.me tutanota.com tuta.io fastmail.com hey.com zoho.com orange.fr wanadoo.fr free.fr sfr.fr laposte.net libero.it virgilio.it tiscali.it alice.it ' +
  'wp.pl o2.pl onet.pl interia.pl op.pl seznam.cz centrum.cz naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp ' +
  'uol.com.br bol.com.br terra.com.br rediffmail.com bluewin.ch telenet.be skynet.be ziggo.nl kpnmail.nl comcast.net verizon.net att.net sbcglobal.net btinternet.com';
for (const domain of more.split(' ')) free.add(domain);

/** Whether anybody may have an address there: it says nothing about the company. Takes a host or a registrable domain. */
export function isFreeMail(domain: string): boolean {
  return free.has(domain) || isDisposable(domain);
}

/** Whether addresses there are made to be thrown away. */
export function isDisposable(domain: string): boolean {
  return disposable.has(domain) && !free.has(domain);
}
