import { answer, instant, text } from '../shape.ts';
import type { Answer, Recogniser } from '../types.ts';

/** Parts of Gravity's name and address fields by the number after the point. */
const nameParts: Record<string, string> = { '2': 'prefix', '3': 'first name', '4': 'middle name', '6': 'last name', '8': 'suffix' };
const addressParts: Record<string, string> = { '1': 'street', '2': 'street 2', '3': 'city', '4': 'state', '5': 'zip', '6': 'country' };

/**
 * An entry of Gravity Forms. Fields have numbers only, so meaning is read from the parts of compound fields and from the
 * shape of values; the form's mapping names the rest. Parts that were left empty are sent too, and tell a name from boxes.
 */
export const gravity: Recogniser = (body) => {
  if (!text(body['form_id']) || !text(body['date_created']) || !('source_url' in body) || !('is_starred' in body || 'created_by' in body))
    return null;
  const parts = new Map<string, string[]>();
  for (const key of Object.keys(body)) {
    const [, field, part] = /^(\d+)\.(\d+)$/.exec(key) ?? [];
    if (field && part) parts.set(field, [...(parts.get(field) ?? []), part]);
  }
  const given = Object.keys(body)
    .filter((key) => /^\d+(\.\d+)?$/.test(key))
    .toSorted((a, b) => Number(a) - Number(b))
    .flatMap((key) => fieldAnswer(key, body[key], parts));
  const entry = text(body['id']);
  const site = siteOf(text(body['source_url']));
  return {
    provider: 'gravity',
    providerId: entry && `${site}/${text(body['form_id'])}/${entry}`,
    submittedAt: instant(body['date_created']),
    answers: given,
    context: {
      ip: text(body['ip']) ?? undefined,
      userAgent: text(body['user_agent']) ?? undefined,
      url: text(body['source_url']) ?? undefined,
    },
    test: false,
    consent: null,
  };
};

function fieldAnswer(key: string, value: unknown, parts: Map<string, string[]>): Answer[] {
  const [field = '', part] = key.split('.');
  const siblings = parts.get(field) ?? [];
  if (!part) return answer(key, null, null, value);
  if (siblings.includes('6') && !siblings.includes('1') && siblings.every((one) => one in nameParts))
    return answer(key, nameParts[part]!, null, value);
  if (siblings.includes('6') && siblings.includes('5') && siblings.every((one) => one in addressParts))
    return answer(key, addressParts[part]!, null, value);
  return answer(key, null, null, value);
}

function siteOf(url: string | null): string {
  return url && URL.canParse(url) ? new URL(url).host : '';
}
