import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smtpData } from '../../../../messaging/transports/smtp-data.ts';

const wire = (raw: string): string => smtpData(Buffer.from(raw)).toString();

test('a dot at the start of a line is doubled, and a line of one dot ends the message', () => {
  expect(wire('Subject: Hello\r\n\r\n.hidden\r\n..\r\na.b\r\n')).toBe('Subject: Hello\r\n\r\n..hidden\r\n...\r\na.b\r\n.\r\n');
  expect(wire('.')).toBe('..\r\n.\r\n');
  expect(wire('no end')).toBe('no end\r\n.\r\n');
});

test('what some servers would take for the end of the message is none', () => {
  expect(wire('a\n.\nMAIL FROM:<x@evil.example>\n')).toBe('a\r\n..\r\nMAIL FROM:<x@evil.example>\r\n.\r\n');
  expect(wire('a\r.\rb')).toBe('a\r\n..\r\nb\r\n.\r\n');
});

test('whatever a message holds, the server reads what was written, to its end and no further', () => {
  const text = fc.string({ unit: fc.constantFrom('.', '\r', '\n', 'a', 'ü', ' '), maxLength: 40 });
  fc.assert(
    fc.property(text, (raw) => {
      const sent = wire(raw);
      const end = sent.indexOf('\r\n.\r\n');
      expect(end).toBe(sent.length - 5);
      expect(sent).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
      const read = sent.slice(0, -3).replace(/^\./gm, '');
      const meant = raw.replace(/\r\n|\r|\n/g, '\r\n');
      expect(read).toBe(meant.endsWith('\r\n') ? meant : `${meant}\r\n`);
    }),
    { numRuns: 500 },
  );
});
