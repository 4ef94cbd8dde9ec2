import { answer, instant, isObject, type Json, objects, text } from '../shape.ts';
import type { Recogniser } from '../types.ts';

/** The address in what Typeform's own test button sends. */
const TEST_ADDRESS = 'an_account@example.com';

/** Typeform's webhook. Titles stand in the definition, by field id; variables and scores are the form's, not the person's. */
export const typeform: Recogniser = (body) => {
  const response = body['form_response'];
  if (!isObject(response) || !text(body['event_type'])?.startsWith('form_response')) return null;
  const definition = isObject(response['definition']) ? response['definition'] : {};
  const fields = new Map(allFields(definition['fields']).map((field) => [text(field['id']), field]));
  const given = objects(response['answers']).flatMap((said) => {
    const field = isObject(said['field']) ? said['field'] : {};
    const id = text(field['id']) ?? '';
    const known = { ...fields.get(id), ...field };
    return answer(text(known['ref']) ?? id, text(known['title']), text(known['type']), valueOf(said));
  });
  const hidden = Object.entries(isObject(response['hidden']) ? response['hidden'] : {}).flatMap(([key, value]) =>
    answer(key, key, 'hidden', value),
  );
  const token = text(response['token']) ?? text(body['event_id']);
  return {
    provider: 'typeform',
    providerId: token && `${token}${body['event_type'] === 'form_response' ? '' : ':partial'}`,
    submittedAt: instant(response['submitted_at']),
    answers: [...given, ...hidden],
    context: {},
    test: given.some(({ value }) => value === TEST_ADDRESS),
    consent: null,
  };
};

/** Questions may stand in groups. */
function allFields(fields: unknown, depth = 0): Json[] {
  if (depth > 4) return [];
  return objects(fields).flatMap((field) => [
    field,
    ...(isObject(field['properties']) ? allFields(field['properties']['fields'], depth + 1) : []),
  ]);
}

function valueOf(said: Json): unknown {
  const value = said[text(said['type']) ?? ''];
  if (!isObject(value)) return value;
  if (Array.isArray(value['labels'])) return [...(value['labels'] as unknown[]), value['other']];
  return text(value['label']) ?? text(value['other']) ?? text(value['name']) ?? text(value['amount']);
}
