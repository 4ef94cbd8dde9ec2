import { answer, instant, isObject, type Json, objects, text } from '../shape.ts';
import type { Answer, Recogniser } from '../types.ts';

/** Tally's webhook. Choices come as ids of their options; a list of boxes comes again, box by box. */
export const tally: Recogniser = (body) => {
  const { eventType, data } = body;
  if (typeof eventType !== 'string' || !eventType.startsWith('FORM_RESPONSE') || !isObject(data) || !Array.isArray(data['fields']))
    return null;
  const fields = objects(data['fields']);
  const lists = fields
    .filter((field) => field['type'] === 'CHECKBOXES' && Array.isArray(field['options']))
    .map((field) => `${text(field['key'])}_`);
  const given = fields
    .filter(
      (field) =>
        !(
          field['type'] === 'CHECKBOXES' &&
          typeof field['value'] === 'boolean' &&
          lists.some((list) => text(field['key'])?.startsWith(list))
        ),
    )
    .flatMap(answersOf);
  return {
    provider: 'tally',
    providerId: text(data['submissionId']) ?? text(data['responseId']) ?? text(body['eventId']),
    submittedAt: instant(data['createdAt']) ?? instant(body['createdAt']),
    answers: given,
    context: {},
    test: false,
    consent: null,
  };
};

function answersOf(field: Json): Answer[] {
  const key = text(field['key']) ?? '';
  const label = text(field['label']);
  const type = text(field['type']);
  const value = field['value'];
  if (type === 'MATRIX' && isObject(value)) {
    return Object.entries(value).flatMap(([row, columns]) => {
      const name = named(field['rows'], row);
      return answer(
        `${key}_${row}`,
        `${label ?? ''} (${name})`,
        type,
        list(columns).map((column) => named(field['columns'], column)),
      );
    });
  }
  if (type === 'FILE_UPLOAD' || type === 'SIGNATURE')
    return answer(
      key,
      label,
      type,
      objects(value).map((file) => file['name']),
    );
  if (Array.isArray(field['options']))
    return answer(
      key,
      label,
      type,
      list(value).map((id) => named(field['options'], id)),
    );
  return answer(key, label, type, value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === null || value === undefined ? [] : [value];
}

/** The text of an option; what people added themselves is no option, and stands for itself. */
function named(options: unknown, id: unknown): string {
  const option = objects(options).find((one) => one['id'] === id);
  return text(option?.['text']) ?? text(option?.['name']) ?? text(id) ?? '';
}
