import { type Campaign, campaign } from '../campaign/document.ts';
import { asCampaign, sequence } from './document.ts';

/** A stored version of a campaign or of a sequence, ready to be compiled. Throws where it is neither. */
export function parseVersion(body: unknown): Campaign {
  return isSequence(body) ? asCampaign(sequence.parse(body)) : campaign.parse(body);
}

/** Whether a document that has been parsed is a sequence: those say so. */
const isSequence = (body: unknown): boolean => (body as { class?: unknown } | null)?.class === 'personal';
