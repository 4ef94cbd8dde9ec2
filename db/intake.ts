import { type Loop, loopsAfter } from '../domain/loops.ts';
import { type Circumstances, touchOf } from '../domain/intake/circumstances.ts';
import type { Mapped } from '../domain/intake/map.ts';
import { storeEvents } from './events.ts';
import type { FormInForce } from './forms.ts';
import { type NewPerson, upsertLeads } from './leads.ts';
import { handOff, loopsOfHandOff } from './opportunities.ts';
import type { Queryable } from './pool.ts';
import { claimVisitors, lockVisitors } from './visitors.ts';

/** A submission that names somebody. */
export interface Admission {
  submissionId: string;
  provider: string;
  submittedAt?: Date | null;
  mapped: Mapped;
}

export interface Admitted {
  leadId: string;
  eventId: string;
  /** To poke after the commit. */
  loops: Loop[];
}

/**
 * Takes a submission in: the lead and its account, what the visitor did before, the consent, the event with all that follows
 * from it, and the handoff where the form says so. Tests are never handed off. Needs an email or a phone; run it in a transaction.
 */
export async function admit(
  tx: Queryable,
  { form, ranges }: FormInForce,
  { submissionId, provider, submittedAt, mapped }: Admission,
): Promise<Admitted> {
  const { anonymousId } = mapped.circumstances;
  if (anonymousId) await lockVisitors(tx, [anonymousId]);
  const [lead] = await upsertLeads(tx, [personOf(mapped)]);
  if (!lead) throw new Error('A submission without an email or a phone cannot be taken in');
  const { leadId, slot } = lead;
  if (anonymousId) await claimVisitors(tx, [{ name: anonymousId, leadId, from: null }]);
  if (form.consent && mapped.consent)
    await storeConsent(tx, leadId, form.consent, { form: form.key, submission: submissionId, ...proofOf(mapped.circumstances) });

  const stored = await storeEvents(tx, [
    {
      leadId,
      anonymousId: anonymousId ?? null,
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
    },
  ]);
  const handed =
    form.then === 'handoff' && !mapped.test
      ? await handOff(tx, [
          {
            leadId,
            source: 'form',
            pool: form.pool ?? null,
            urgent: true,
            nurture: form.nurture,
            because: { rule: 'form', form: form.key, purpose: form.purpose, submission: submissionId, event: stored.ids[0] },
          },
        ])
      : [];
  return {
    leadId,
    eventId: stored.ids[0]!,
    loops: [...loopsOfHandOff(handed), ...loopsAfter(ranges, [slot], [...stored.candidates, ...stored.woken])],
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

function proofOf({ ip, userAgent, url }: Circumstances): Record<string, unknown> {
  return { ip, userAgent, url };
}

async function storeConsent(
  tx: Queryable,
  leadId: string,
  { topic, textVersion }: { topic: string; textVersion: string },
  proof: Record<string, unknown>,
): Promise<void> {
  await tx.query(`insert into consent (lead_id, topic, granted, source, text_version, proof) values ($1, $2, true, 'form', $3, $4)`, [
    leadId,
    topic,
    textVersion,
    JSON.stringify(proof),
  ]);
}
