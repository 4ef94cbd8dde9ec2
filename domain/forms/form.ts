import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { type Issue, TendrilError } from '../errors.ts';

export const leadFields = [
  'email',
  'phone',
  'firstName',
  'lastName',
  'name',
  'title',
  'company',
  'website',
  'country',
  'locale',
  'message',
] as const;
/** What an answer can say of a person by itself. */
export type LeadField = (typeof leadFields)[number];

export const purposes = [
  'demo_request',
  'quote_request',
  'trial',
  'contact',
  'newsletter',
  'download',
  'registration',
  'support',
  'complaint',
  'other',
] as const;

const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'a key such as demo-request: small letters, digits, - and _');
const origin = z
  .string()
  .regex(
    /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/,
    'an origin such as https://www.example.com or https://*.example.com, without a path',
  );
const target = z
  .string()
  .refine(
    (to) => (leadFields as readonly string[]).includes(to) || to === 'ignore' || /^(attributes|properties)\.[A-Za-z][\w-]{0,63}$/.test(to),
    `one of ${leadFields.join(', ')}, attributes.<key> (kept with the lead), properties.<key> (kept with the event), or ignore`,
  );

/** What a submission of a website form means. */
export const formSchema = z
  .strictObject({
    key,
    name: z.string().min(1).max(200),
    purpose: z.enum(purposes),
    /** From a field's name, path (`answers.mail`) or label to what it says. What is not named is recognised by type, synonym and shape. */
    mapping: z.record(z.string().min(1), target).default({}),
    /** Fields without which a JSON caller is refused. What comes from a form tool or a browser is kept for review instead. */
    required: z.array(z.enum(leadFields)).default([]),
    /**
     * What is agreed to: the topic, the version of the text shown, and the box that must be ticked; without a box, sending is agreeing. `confirm`: whether
     * it holds only once it is confirmed by mail; default: as the topic says.
     */
    consent: z
      .strictObject({
        topic: z.string().min(1),
        textVersion: z.string().min(1),
        field: z.string().min(1).optional(),
        confirm: z.boolean().optional(),
      })
      .optional(),
    /** Where a browser goes afterwards: a whole URL, or a path on the first of `origins`. Default: a small page of our own. */
    thankYou: z
      .union([
        z.strictObject({ url: z.url({ protocol: /^https?$/ }) }),
        z.strictObject({ path: z.string().regex(/^\/(?![/\\])[^\s\\]*$/, 'a path such as /thanks') }),
      ])
      .optional(),
    /** Websites whose pages may send it. Empty: any. */
    origins: z.array(origin).default([]),
    then: z.enum(['handoff', 'enrol', 'case']).default('enrol'),
    /** The pool that a handoff goes to; default: the qualification standard's. */
    pool: z.string().min(1).optional(),
    /** Whether marketing goes on while sales has the lead. */
    nurture: z.boolean().default(false),
    /** Name of the event that a submission is. Its property `form` is the key. */
    event: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, 'an event name such as form_submitted')
      .default('form_submitted'),
    /** A field that people do not see: whoever fills it in is a machine. */
    honeypot: z.string().min(1).default('_gotcha'),
    /** How soon somebody must look at a submission without a usable address. */
    reviewWithin: duration.default('4h'),
    /** Everything this form sends is a test. */
    test: z.boolean().default(false),
  })
  .superRefine((form, ctx) => {
    const wrong = (path: string[], message: string): void => void ctx.addIssue({ code: 'custom', path, message });
    if (form.pool && form.then !== 'handoff') wrong(['pool'], 'a pool is only for forms that say then: handoff');
    if (form.thankYou && 'path' in form.thankYou && !form.origins[0])
      wrong(['thankYou', 'path'], 'a path needs a website to be on: name it in origins, or give a whole url');
    if (form.thankYou && 'path' in form.thankYou && form.origins[0]?.includes('*'))
      wrong(['origins', '0'], 'the first origin must be a whole one, because the thank-you path is on it');
    if (form.consent?.field && form.mapping[form.consent.field])
      wrong(['mapping', form.consent.field], 'this field is the consent; it cannot be mapped to something else');
  });

export type Form = z.infer<typeof formSchema>;

const mends: [RegExp, string][] = [
  [/^Unrecognized key/, 'Remove it, or look at the spelling'],
  [/^Invalid option/, 'Choose one of those named'],
  [/expected .* received undefined/, 'Add it'],
];

/** What is wrong with a form document: where, why, and what to do instead. Empty when nothing is. */
export function lintForm(body: unknown): Issue[] {
  const parsed = formSchema.safeParse(body);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    reason: issue.message,
    mend: mends.find(([pattern]) => pattern.test(issue.message))?.[1] ?? 'Write what the reason says',
  }));
}

/** The document as a form, with its defaults. Throws `invalid` with every issue. */
export function parseForm(body: unknown): Form {
  const parsed = formSchema.safeParse(body);
  if (!parsed.success) throw new TendrilError('invalid', 'This is not a form document', lintForm(body));
  return parsed.data;
}

/** Where a browser is sent after it has posted the form; null for our own page. Never anything that the request says. */
export function thankYouUrl(form: Form): string | null {
  if (!form.thankYou) return null;
  return 'url' in form.thankYou ? form.thankYou.url : `${form.origins[0]}${form.thankYou.path}`;
}

/** Whether pages of this origin may send the form. */
export function allowsOrigin(form: Form, from: string): boolean {
  if (form.origins.length === 0) return true;
  return form.origins.some((allowed) => {
    const [scheme, domain] = allowed.split('://*.');
    return allowed === from || (domain !== undefined && from.startsWith(`${scheme}://`) && from.endsWith(`.${domain}`));
  });
}
