import { type Loop, loopsAfter } from '../domain/loops.ts';
import type { Form } from '../domain/forms/form.ts';
import { touchOf } from '../domain/intake/circumstances.ts';
import type { Mapped } from '../domain/intake/map.ts';
import type { ConsentGround } from './consents.ts';
import { type NewEvent, storeEvents } from './events.ts';
import { type FormConsent, formConsents } from './form-consents.ts';
import type { FormInForce } from './forms.ts';
import { type NewPerson, upsertLeads } from './leads.ts';
import { handOff, loopsOfHandOff } from './opportunities.ts';
import type { Queryable } from './pool.ts';
import { claimVisitors, lockVisitors } from './visitors.ts';

/** A submission that names somebody. */
export interface Admission {
  inForce: FormInForce;
  submissionId: string;
  provider: string;
  submittedAt?: Date | null;
  mapped: Mapped;
}

export interface Admitted {
  leadId: string;
  eventId: string;
}

/**
 * Takes submissions in: the leads and their accounts, what the visitors did before, the consents, the events with all that follows
 * from them, and the handoffs where the forms say so. Tests are never handed off. Each needs an email or a phone, and no two may be of
 * one person or visitor, or the second would not find what the first told; run it in a transaction. Answers in the order given,
 * with the loops to poke after the commit. A fixed number of statements. `ground` spares reading it again.
 */
export async function admit(
  tx: Queryable,
  admissions: readonly Admission[],
  ground?: ConsentGround,
): Promise<{ admitted: Admitted[]; loops: Loop[] }> {
  if (admissions.length === 0) return { admitted: [], loops: [] };
  const visitors = admissions.flatMap(({ mapped }) => mapped.circumstances.anonymousId ?? []);
  if (visitors.length > 0) await lockVisitors(tx, visitors);
  const leads = (
    await upsertLeads(
      tx,
      admissions.map(({ mapped }) => personOf(mapped)),
    )
  ).map((lead) => {
    if (!lead) throw new Error('A submission without an email or a phone cannot be taken in');
    return lead;
  });
  const taken = admissions.map((admission, i) => ({ ...admission, ...leads[i]!, form: admission.inForce.form }));
  await claimVisitors(
    tx,
    taken.flatMap(({ mapped, leadId }) => {
      const { anonymousId } = mapped.circumstances;
      return anonymousId ? [{ name: anonymousId, leadId, from: null }] : [];
    }),
  );
  const asked = await formConsents(tx, taken.flatMap(consentIn), ground);
  const stored = await storeEvents(tx, taken.map(eventOf));
  const handed = await handOff(
    tx,
    taken.flatMap(({ form, mapped, leadId, submissionId }, i) => {
      if (form.then !== 'handoff' || mapped.test) return [];
      const because = { rule: 'form', form: form.key, purpose: form.purpose, submission: submissionId, event: stored.ids[i] };
      return [{ leadId, source: 'form', pool: form.pool ?? null, urgent: true, nurture: form.nurture, because } as const];
    }),
  );
  const slots = taken.map(({ slot }) => slot);
  return {
    admitted: taken.map(({ leadId }, i) => ({ leadId, eventId: stored.ids[i]! })),
    loops: [
      ...asked,
      ...loopsOfHandOff(handed),
      ...loopsAfter(admissions[0]!.inForce.ranges, slots, [...stored.candidates, ...stored.woken]),
    ],
  };
}

type Taken = Admission & { form: Form; leadId: string };

function eventOf({ form, leadId, submissionId, provider, submittedAt, mapped }: Taken): NewEvent {
  return {
    leadId,
    anonymousId: mapped.circumstances.anonymousId ?? null,
    name: form.event,
    source: 'form',
    properties: {
      ...mapped.properties,
      ...(mapped.message && { message: mapped.message }),
      ...(submittedAt && { submitted_at: submittedAt.toISOString() }),
      form: form.key,
      purpose: form.purpose,
      provider,
      submission: submissionId,
    },
    context: { ...mapped.circumstances },
  };
}

function personOf(mapped: Mapped): NewPerson {
  const { email, phone, firstName, lastName, name, title, company, website, country, locale, attributes, test, circumstances } = mapped;
  const touch = touchOf(circumstances);
  return {
    email,
    phone,
    firstName,
    lastName,
    name,
    title,
    company,
    website,
    country,
    locale,
    attributes,
    test,
    firstTouch: circumstances.firstTouch ?? touch,
    lastTouch: touch,
  };
}

function consentIn({ form, leadId, submissionId, mapped }: Taken): FormConsent[] {
  if (!form.consent || !mapped.consent) return [];
  const { ip, userAgent, url } = mapped.circumstances;
  const { topic, textVersion, confirm } = form.consent;
  return [{ leadId, topic, textVersion, confirm, proof: { form: form.key, submission: submissionId, ip, userAgent, url } }];
}
