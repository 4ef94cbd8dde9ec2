import { createHash, createPrivateKey, type KeyObject, sign as signBytes } from 'node:crypto';

export interface DkimSettings {
  /** The domain that signs (d=), and the selector under which its key is published. */
  domain: string;
  selector: string;
  /** RSA (2048 bits) or Ed25519, PEM. */
  privateKey: string;
}

/** Headers that are signed where the message has them. `From` is named once more than it stands there, so that none can be added. */
const SIGNED = [
  'from',
  'to',
  'cc',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'auto-submitted',
];

/**
 * Signs raw messages (CRLF, header and body) with DKIM, relaxed/relaxed (RFC 6376, 8301; Ed25519: 8463). Answers the message with the signature before it. An RSA key of 2048 bits
 * takes most of a millisecond of a core for each mail: what a relay can do, it should.
 */
export function createDkimSigner({ domain, selector, privateKey }: DkimSettings): (raw: Buffer) => Buffer {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'ed25519') throw new Error('The DKIM key is neither RSA nor Ed25519');
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256';

  return (raw) => {
    const end = raw.indexOf('\r\n\r\n');
    const head = raw.toString('latin1', 0, end < 0 ? raw.length : end);
    const body = end < 0 ? '' : raw.toString('latin1', end + 4);
    const headers = readHeaders(head);
    const names = SIGNED.filter((name) => headers.has(name));
    const hash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64');
    const unsigned = `v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain}; s=${selector};\r\n h=${['from', ...names].join(':')};\r\n bh=${hash};\r\n b=`;
    const data = [...names.map((name) => `${name}:${headers.get(name)!}\r\n`), `dkim-signature:${relaxed(unsigned)}`].join('');
    return Buffer.concat([Buffer.from(`DKIM-Signature: ${unsigned}${signature(data, key)}\r\n`, 'latin1'), raw]);
  };
}

/** RSA signs the hash of the data; Ed25519 the hash itself, as RFC 8463 has it. */
function signature(data: string, key: KeyObject): string {
  const bytes = Buffer.from(data, 'latin1');
  const signed =
    key.asymmetricKeyType === 'rsa' ? signBytes('sha256', bytes, key) : signBytes(null, createHash('sha256').update(bytes).digest(), key);
  return signed
    .toString('base64')
    .replace(/.{1,70}/g, '\r\n $&')
    .trimStart();
}

/** Headers by name, relaxed; of several alike the last, which is the one to be signed. */
function readHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.split(/\r\n(?![ \t])/)) {
    const at = line.indexOf(':');
    if (at > 0) headers.set(line.slice(0, at).trim().toLowerCase(), relaxed(line.slice(at + 1)));
  }
  return headers;
}

const relaxed = (value: string): string =>
  value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();

/** Runs of blanks are one, none stands at the end of a line, and no empty lines at the end. */
function relaxedBody(body: string): string {
  const lines = body
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/ $/, '')
    .replace(/(\r\n)+$/, '');
  return lines === '' ? '' : `${lines}\r\n`;
}
