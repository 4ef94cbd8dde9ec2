import { createSocket } from 'node:dgram';

/** What the zone says, by name: records of a type, or a failure of the name server. */
export interface ZoneRecords {
  A?: string[];
  AAAA?: string[];
  TXT?: string[];
  /** `10 mx.firm.example` */
  MX?: string[];
  CNAME?: string;
  fails?: boolean;
  /** Never answers. */
  silent?: boolean;
}

const TYPES: Record<number, keyof ZoneRecords> = { 1: 'A', 5: 'CNAME', 15: 'MX', 16: 'TXT', 28: 'AAAA' };

/** A name server on UDP that knows these names alone (RFC 1035, as much as a resolver needs). A CNAME is followed within the zone. */
export async function startDns(zone: Record<string, ZoneRecords>): Promise<{ server: string; asked: string[]; close(): void }> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    const { name, end } = readName(query, 12);
    const type = TYPES[query.readUInt16BE(end)] ?? 'A';
    asked.push(`${type} ${name}`);
    const found = zone[name];
    if (found?.silent) return;
    socket.send(answer(query, end + 4, name, type, zone), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { server: `127.0.0.1:${socket.address().port}`, asked, close: () => void socket.close() };
}

function answer(query: Buffer, end: number, name: string, type: keyof ZoneRecords, zone: Record<string, ZoneRecords>): Buffer {
  const records: Buffer[] = [];
  let at = name;
  for (let cname = type === 'CNAME' ? undefined : zone[at]?.CNAME; cname; cname = zone[at]?.CNAME) {
    records.push(record(at, 'CNAME', cname));
    at = cname;
  }
  const found = zone[at];
  const values = found?.[type];
  for (const value of Array.isArray(values) ? values : typeof values === 'string' ? [values] : []) records.push(record(at, type, value));
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | (found?.fails ? 2 : found ? 0 : 3), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found?.fails ? 0 : records.length, 6);
  return Buffer.concat([head, query.subarray(12, end), ...(found?.fails ? [] : records)]);
}

const CODES = { A: 1, CNAME: 5, MX: 15, TXT: 16, AAAA: 28 } as const;

function record(name: string, type: keyof ZoneRecords, value: string): Buffer {
  const data = dataOf(type, value);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(CODES[type as keyof typeof CODES], 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(60, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), head, data]);
}

function dataOf(type: keyof ZoneRecords, value: string): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(value.split('.').map(Number));
    case 'AAAA':
      return Buffer.from(value.split(':').flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]));
    case 'TXT':
      return Buffer.concat(
        (value.match(/.{1,255}/gs) ?? ['']).map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])),
      );
    case 'MX': {
      const [priority, host] = value.split(' ') as [string, string];
      const number = Buffer.alloc(2);
      number.writeUInt16BE(Number(priority));
      return Buffer.concat([number, encodeName(host)]);
    }
    default:
      return encodeName(value);
  }
}

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}
