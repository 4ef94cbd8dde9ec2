import PostalMime from 'postal-mime';

export interface ParsedMail {
  headers: { name: string; value: string }[];
  html: string | null;
  text: string | null;
}

/** A raw message taken apart: headers in their order, the two bodies. */
export async function parseMail(raw: Buffer): Promise<ParsedMail> {
  const { headers, html, text } = await PostalMime.parse(raw);
  return {
    headers: headers.map(({ originalKey, key, value }) => ({ name: originalKey || key, value })),
    html: html ?? null,
    text: text ?? null,
  };
}
