import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { formInForce } from '../../db/forms.ts';
import { inTransaction } from '../../db/pool.ts';
import { getSubmission } from '../../db/submissions.ts';
import { type Correction, readmitSubmission } from '../../db/take-submission.ts';
import { type Issue, TendrilError } from '../../domain/errors.ts';
import { countryCode } from '../../domain/identity/country.ts';
import { normaliseEmail } from '../../domain/identity/email.ts';
import { normalisePhone } from '../../domain/identity/phone.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { shownSubmission, submissionParam, submissionSchema } from './schema.ts';

const short = z.string().trim().min(1).max(200).optional();
const correctionSchema = z
  .strictObject({
    email: z.string().max(320).optional(),
    phone: z.string().max(60).optional(),
    firstName: short,
    lastName: short,
    name: short,
    company: short,
    country: short,
  })
  .openapi('Correction');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/submissions/{id}/resolve',
  tags: ['Submissions'],
  summary: 'Say who sent a submission that is under review',
  description: 'What is given goes before what was sent. It is then taken in as any other: lead, event, campaigns, sales.',
  request: { params: submissionParam, body: { content: { 'application/json': { schema: correctionSchema } }, required: true } },
  responses: {
    200: { description: 'The submission, with its lead', content: { 'application/json': { schema: submissionSchema } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/submissions/{id}/resolve. */
export function resolveSubmissionEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { formKey, fields } = await getSubmission(pool, id);
    const { country } = await formInForce(pool, formKey);
    const correction = readCorrection(c.req.valid('json'), [fields.country, country]);
    if (!(correction.email ?? correction.phone ?? fields.email ?? fields.phone)) {
      throw new TendrilError('invalid', 'It takes an email or a phone', [
        { path: 'email', reason: 'is missing, and so is phone', mend: 'Give one of the two, or discard the submission' },
      ]);
    }
    const { submission, loops } = await inTransaction(pool, (tx) => readmitSubmission(tx, id, 'review', correction));
    loops.forEach(poke);
    return c.json(shownSubmission(submission), 200);
  });
}

/** What was typed, in the one spelling of each. Throws `invalid` naming what cannot be used. */
function readCorrection({ email, phone, country, ...names }: z.infer<typeof correctionSchema>, zones: (string | null)[]): Correction {
  const where = country === undefined ? undefined : countryCode(country);
  const read = {
    email: email === undefined ? undefined : normaliseEmail(email),
    phone:
      phone === undefined
        ? undefined
        : normalisePhone(
            phone,
            [where, ...zones].flatMap((zone) => zone ?? []),
          ),
    country: where,
  };
  const issues = Object.entries(read).flatMap(([path, value]): Issue[] =>
    value === null ? [{ path, reason: `is not a usable ${path}` }] : [],
  );
  if (issues.length > 0) throw new TendrilError('invalid', `Not usable: ${issues.map(({ path }) => path).join(', ')}`, issues);
  return Object.fromEntries(Object.entries({ ...names, ...read }).filter(([, value]) => value !== undefined));
}
