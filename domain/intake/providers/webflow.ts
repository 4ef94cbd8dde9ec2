import { answer, instant, isObject, objects, text } from '../shape.ts';
import type { Recogniser } from '../types.ts';

/** Webflow's webhook, version 2 and the older one. `name` is the form's, not the person's; answers are keyed by the label. */
export const webflow: Recogniser = (body) => {
  const second = body['triggerType'] === 'form_submission' && isObject(body['payload']) ? body['payload'] : null;
  const first = text(body['site']) && text(body['_id']) && 'd' in body ? body : null;
  const sent = second ?? first;
  if (!sent || !isObject(sent['data'])) return null;
  const types = new Map(objects(sent['schema']).map((field) => [text(field['fieldName']), text(field['fieldType'])]));
  return {
    provider: 'webflow',
    providerId: text(sent['id']) ?? text(sent['_id']),
    submittedAt: instant(sent['submittedAt']) ?? instant(sent['d']),
    answers: Object.entries(sent['data']).flatMap(([label, value]) => answer(label, label, types.get(label) ?? null, value)),
    context: {},
    test: false,
    consent: null,
  };
};
