import { general } from './providers/general.ts';
import { gravity } from './providers/gravity.ts';
import { hubspot } from './providers/hubspot.ts';
import { netlify } from './providers/netlify.ts';
import { tally } from './providers/tally.ts';
import { typeform } from './providers/typeform.ts';
import { webflow } from './providers/webflow.ts';
import { isObject } from './shape.ts';
import type { Recognised, Recogniser } from './types.ts';

/** Adding a sender is adding its file here. */
const recognisers: Recogniser[] = [typeform, tally, webflow, netlify, hubspot, gravity];

/**
 * Who sent this body, and what it says. `source` tells whether it came as JSON or as the fields of a browser's form.
 * Known senders are recognised by the shape of what they send; everything else follows the general rule. Never throws.
 */
export function recognise(body: unknown, source: 'json' | 'form'): Recognised {
  const only = Array.isArray(body) && body.length === 1 ? (body[0] as unknown) : body;
  if (source === 'json' && isObject(only)) {
    for (const recogniser of recognisers) {
      const found = recogniser(only);
      if (found) return found;
    }
  }
  return general(only, source);
}
