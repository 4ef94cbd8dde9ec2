import { crlf, isCrlf } from '../lines.ts';
import { room } from '../room.ts';

/**
 * A message as it goes over the wire after DATA (RFC 5321, 4.5.2), its last line included: a line that begins with a dot gets another, so
 * that none ends the message early, and a lone CR or LF, which some servers take for the end of a line, becomes CRLF.
 */
export function smtpData(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const dotted = text.startsWith('.') || text.includes('\n.');
  const fit = !dotted && isCrlf(text) ? raw : Buffer.from(`\n${crlf(text)}`.replaceAll('\n.', '\n..').slice(1), 'latin1');
  const end = fit.subarray(-2).equals(LINE_END) ? END : LINE_END_AND_END;
  const data = room(fit.length + end.length);
  fit.copy(data);
  end.copy(data, fit.length);
  return data;
}

const LINE_END = Buffer.from('\r\n');
const END = Buffer.from('.\r\n');
const LINE_END_AND_END = Buffer.concat([LINE_END, END]);
