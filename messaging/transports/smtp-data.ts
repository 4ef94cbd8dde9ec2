/** A dot at the start of a line, or a line that does not end in CRLF. */
const UNFIT = /(?:^|\r\n)\.|\r(?!\n)|(?<!\r)\n/;

/**
 * A message as it goes over the wire after DATA (RFC 5321, 4.5.2), its last line included: a line that begins with a dot gets another, so
 * that none ends the message early, and a lone CR or LF, which some servers take for the end of a line, becomes CRLF.
 */
export function smtpData(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const fit = UNFIT.test(text) ? Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n').replace(/^\./gm, '..'), 'latin1') : raw;
  return Buffer.concat([fit, fit.subarray(-2).equals(LINE_END) ? END : LINE_END_AND_END]);
}

const LINE_END = Buffer.from('\r\n');
const END = Buffer.from('.\r\n');
const LINE_END_AND_END = Buffer.concat([LINE_END, END]);
