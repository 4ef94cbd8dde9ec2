import { answer, instant, isObject, objects, text } from '../shape.ts';
import type { Recogniser } from '../types.ts';

const circumstances = new Set(['ip', 'user_agent', 'referrer']);

/**
 * Netlify's outgoing webhook, and the same as its `submission-created` function gets it. `data` holds the answers and, among them,
 * the circumstances; the names at the top are Netlify's guess (a first name may be the whole) and are left alone.
 */
export const netlify: Recogniser = (body) => {
  const sent = isObject(body['payload']) ? body['payload'] : body;
  const { data } = sent;
  if (!isObject(data) || !text(sent['form_id']) || !(isObject(sent['human_fields']) || Array.isArray(sent['ordered_human_fields'])))
    return null;
  const titles = new Map(objects(sent['ordered_human_fields']).map((field) => [text(field['name']), text(field['title'])]));
  return {
    provider: 'netlify',
    providerId: text(sent['id']),
    submittedAt: instant(sent['created_at']),
    answers: Object.entries(data)
      .filter(([key]) => !circumstances.has(key))
      .flatMap(([key, value]) => answer(key, titles.get(key) ?? key, null, value)),
    context: {
      ip: text(data['ip']) ?? undefined,
      userAgent: text(data['user_agent']) ?? undefined,
      referrer: text(data['referrer']) ?? undefined,
      url: text(sent['site_url']) ?? undefined,
    },
    test: false,
    consent: null,
  };
};
