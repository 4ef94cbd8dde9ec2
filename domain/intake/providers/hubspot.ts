import { answer, instant, isObject, objects, text } from '../shape.ts';
import type { Recogniser, Recognised } from '../types.ts';

/** HubSpot: what is sent to its form endpoints (plain and secure), and what its workflows send. */
export const hubspot: Recogniser = (body) => submission(body) ?? workflow(body);

function submission(body: Record<string, unknown>): Recognised | null {
  const fields = objects(body['fields']);
  const isTheirs =
    fields.some((field) => 'objectTypeId' in field) ||
    isObject(body['legalConsentOptions']) ||
    (isObject(body['context']) && 'hutk' in body['context']);
  if (fields.length === 0 || !isTheirs || !fields.every((field) => 'name' in field)) return null;
  const context = isObject(body['context']) ? body['context'] : {};
  return {
    provider: 'hubspot',
    providerId: null,
    submittedAt: instant(body['submittedAt']),
    answers: fields.flatMap((field) => answer(text(field['name']) ?? '', null, null, field['value'])),
    context: { ip: text(context['ipAddress']) ?? undefined, url: text(context['pageUri']) ?? undefined },
    test: false,
    consent: consentOf(body['legalConsentOptions']),
  };
}

/** A contact as a workflow's webhook sends it: every property with its history, all values texts. The newest is `value`. */
function workflow(body: Record<string, unknown>): Recognised | null {
  const { properties } = body;
  if (!isObject(properties) || !('vid' in body || 'portal-id' in body)) return null;
  const known = Object.entries(properties).flatMap(([key, property]) => (isObject(property) ? [[key, property['value']] as const] : []));
  const last = objects(body['form-submissions'])[0];
  const ip = text(known.find(([key]) => key === 'ipaddress')?.[1]);
  const contact = text(body['canonical-vid']) ?? text(body['vid']);
  const conversion = text(last?.['conversion-id']);
  return {
    provider: 'hubspot',
    providerId: contact && conversion && `${contact}:${conversion}:${text(last?.['timestamp']) ?? ''}`,
    submittedAt: instant(last?.['timestamp']),
    answers: known.filter(([key]) => key !== 'ipaddress' && !own.test(key)).flatMap(([key, value]) => answer(key, null, null, value)),
    context: { ip: ip && ip !== 'unknown' ? ip : undefined, url: text(last?.['page-url']) ?? undefined },
    test: false,
    consent: null,
  };
}

/** What HubSpot itself notes about a contact. */
const own = /^(hs_|createdate$|lastmodifieddate$|num_|recent_|first_conversion|lifecyclestage$|hubspot_)/;

function consentOf(options: unknown): boolean | null {
  const asked = isObject(options) && isObject(options['consent']) ? options['consent'] : null;
  if (!asked) return null;
  const topics = objects(asked['communications']);
  return topics.length > 0 ? topics.some((topic) => topic['value'] === true) : asked['consentToProcess'] === true;
}
