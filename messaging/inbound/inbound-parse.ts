import { z } from 'zod';
import type { InboundMail } from '../../domain/inbound/mail.ts';
import { decoded, formParts } from './multipart.ts';
import { parseMail, parseParts } from './parse.ts';

const envelopeSchema = z.object({ to: z.array(z.string()).catch([]), from: z.string().optional().catch(undefined) });
const charsetsSchema = z.record(z.string(), z.string());
const infoSchema = z.record(
  z.string(),
  z.object({ filename: z.string().optional(), name: z.string().optional(), type: z.string().optional() }),
);

/** A mail as SendGrid's Inbound Parse posts it, with the raw mail where it sends that. */
export interface Posted {
  mail: InboundMail;
  raw: Buffer | null;
}

/**
 * Reads a post of Inbound Parse, both as it takes mails apart itself and in its raw mode (`email` holds the whole). Each field is in the letters that
 * `charsets` names. Null where it is no such post.
 */
export async function readInboundParse(contentType: string, body: Buffer): Promise<Posted | null> {
  const parts = formParts(contentType, body);
  if (!parts) return null;
  const bytes = new Map(parts.toReversed().map((part) => [part.name, part.content]));
  const charsets = json(charsetsSchema, bytes.get('charsets')) ?? {};
  const text = (name: string): string => decoded(bytes.get(name) ?? Buffer.alloc(0), charsets[name]);
  const { to, from } = json(envelopeSchema, bytes.get('envelope')) ?? { to: [] };
  const checks = { ...(bytes.has('SPF') && { spf: text('SPF') }), ...(bytes.has('dkim') && { dkim: text('dkim') }) };
  const envelope = { to, checks, ...(from !== undefined && { from: from.replace(/^<>$/, '') }) };
  const raw = bytes.get('email');
  if (raw) return { mail: await parseMail(raw, envelope), raw };
  if (!bytes.has('headers')) return null;
  const info = json(infoSchema, bytes.get('attachment-info')) ?? {};
  const attachments = parts
    .filter(({ name }) => /^attachment\d+$/.test(name))
    .map(({ name, filename, type, content }) => ({
      name: filename ?? info[name]?.filename ?? info[name]?.name ?? null,
      type: (info[name]?.type ?? type).toLowerCase(),
      content,
    }));
  return { mail: await parseParts({ headers: text('headers'), text: text('text'), html: text('html'), attachments, envelope }), raw: null };
}

function json<T>(schema: z.ZodType<T>, bytes: Buffer | undefined): T | null {
  if (!bytes) return null;
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null;
  }
}
