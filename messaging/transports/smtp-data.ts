import { room } from '../room.ts';

/**
 * A message as it goes over the wire after DATA (RFC 5321, 4.5.2), its last line included: a line that begins with a dot gets another, so
 * that none ends the message early, and a lone CR or LF, which some servers take for the end of a line, becomes CRLF.
 */
export function smtpData(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const fit = isFit(text) ? raw : Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n').replace(/^\./gm, '..'), 'latin1');
  const end = fit.subarray(-2).equals(LINE_END) ? END : LINE_END_AND_END;
  const data = room(fit.length + end.length);
  fit.copy(data);
  end.copy(data, fit.length);
  return data;
}

/** Whether every line ends in CRLF and none begins with a dot. Line by line: an expression takes ten times as long, and nearly all mails are fit. */
function isFit(text: string): boolean {
  let at = 0;
  while (!text.startsWith('.', at)) {
    const lf = text.indexOf('\n', at);
    const cr = text.indexOf('\r', at);
    if (lf === -1) return cr === -1;
    if (cr === -1 || cr !== lf - 1) return false;
    at = lf + 1;
  }
  return false;
}

const LINE_END = Buffer.from('\r\n');
const END = Buffer.from('.\r\n');
const LINE_END_AND_END = Buffer.concat([LINE_END, END]);
