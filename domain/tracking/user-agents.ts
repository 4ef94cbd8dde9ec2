/** Programs that call themselves something, and libraries that programs are made with: nobody reads mail with these. */
const PROGRAMS = new RegExp(
  [
    String.raw`bot[/;)]|\bbot\b|crawl|spider|\bscan|preview|checker|monitor|fetch|validator|headless|phantomjs|puppeteer|playwright|selenium|lighthouse`,
    'curl/|wget|python|aiohttp|urllib|go-http|java/|okhttp|apache-http|httpclient|libwww|lwp|ruby|perl/|php/|guzzle|axios|^node$|node-fetch|undici|got/|postman|insomnia',
    'facebookexternalhit|^whatsapp|slackbot|slack-imgproxy|skypeuri|embedly|iframely',
  ].join('|'),
  'i',
);

/** What protects mailboxes by following the links in their mail. */
const SCANNERS =
  /barracuda|mimecast|proofpoint|symantec|messagelabs|trendmicro|trend micro|fortinet|fortimail|sophos|cisco|ironport|fireeye|trellix|checkpoint|avanan|zscaler|safelinks|safe links|cloudmark|vade|hornet|spamtitan|urldefense|virustotal|zgrab|netcraft|phish/i;

/** Office asks after a link before it opens it in the browser; the browser's own request follows. */
const OFFICE = /ms-office|microsoft office (existence|protocol) discovery/i;

/** Who loads pictures ahead of anybody who looks, or for all who do: Gmail, Yahoo and others. */
const PROXIES =
  /googleimageproxy|ggpht\.com|yahoomailproxy|yahoocachesystem|yahoo ad monitoring|outlook-?imageproxy|duckduckgo.*proxy|mail\.ru.*proxy/i;

/** Apple's Mail Privacy Protection loads every picture when the mail arrives, and names nothing but this. */
const APPLE = /^Mozilla\/5\.0$/;

export type Caller = 'browser' | 'scanner' | 'program' | 'proxy' | 'nameless' | 'unknown';

/** Who a user agent says it is, where it followed a link or loaded a picture. Null: it was not told. */
export function callerOf(userAgent: string | null, kind: 'click' | 'open'): Caller {
  if (userAgent === null) return 'unknown';
  const name = userAgent.trim();
  if (name === '') return 'nameless';
  if (PROXIES.test(name) || APPLE.test(name)) return 'proxy';
  if (SCANNERS.test(name) || (kind === 'click' && OFFICE.test(name))) return 'scanner';
  return PROGRAMS.test(name) ? 'program' : 'browser';
}
