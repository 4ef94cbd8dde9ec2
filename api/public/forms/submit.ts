import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { FormInForce } from '../../../db/forms.ts';
import { submissionOf } from '../../../db/take-submission.ts';
import { isDeeperThan } from '../../../domain/depth.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { thankYouUrl } from '../../../domain/forms/form.ts';
import { type Body, readBody } from '../../../domain/intake/body.ts';
import { type Mapped, mapAnswers } from '../../../domain/intake/map.ts';
import { recognise } from '../../../domain/intake/recognise.ts';
import { isObject } from '../../../domain/intake/shape.ts';
import type { Recognised } from '../../../domain/intake/types.ts';
import { clientIp } from '../../client-ip.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { createRate } from '../../rate.ts';
import { createIntake } from './intake.ts';
import { admitOrigin } from './origin.ts';
import { createFormReader } from './reader.ts';
import { verifySender } from './sender.ts';

const anything = z.record(z.string(), z.unknown());

const route = createRoute({
  method: 'post',
  path: '/f/{formKey}',
  tags: ['Forms'],
  summary: 'Submit a form',
  description:
    'For websites and form tools: any fields in any language, nested or flat. Webhooks of Typeform, Tally, Webflow, Netlify, HubSpot and Gravity Forms are ' +
    'recognised by their shape, and must be signed where a secret is configured. A browser’s own form post is sent on to the thank-you page. ' +
    'The same submission sent twice is one.',
  request: {
    params: z.object({ formKey: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': { schema: anything },
        'application/x-www-form-urlencoded': { schema: anything },
        'multipart/form-data': { schema: anything },
      },
    },
  },
  responses: {
    202: {
      description: 'Kept. `review` means that it has no usable email or phone, and a person will look at it',
      content: { 'application/json': { schema: z.object({ submissionId: z.uuid(), state: z.enum(['accepted', 'review']) }) } },
    },
    303: { description: 'Kept; a browser is sent to the form’s thank-you page', headers: z.object({ location: z.string() }) },
    ...problemResponses(
      'bad_signature',
      'origin_not_allowed',
      'not_found',
      'too_large',
      'unsupported_media_type',
      'invalid',
      'rate_limited',
    ),
  },
});

/** How deep a person's answers may be nested. */
const DEEPEST = 40;

/** POST /f/{formKey}. The body is read by us, not by the schema: signatures are over its raw bytes, and any shape is welcome. */
export function submitFormEndpoint(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  const countRate = createRate(config.FORM_RATE, 'Too many submissions of this form from one address');
  const byForm = createFormReader(pool);
  const take = createIntake({ pool, poke });
  app.openAPIRegistry.registerPath(route);
  app.post('/f/:formKey', async (c) => {
    const formKey = c.req.param('formKey');
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const body = await readBody(c.req.header('content-type'), bytes);
    checkShape(body);
    const recognised = recognise(body.value, body.source);
    const ip = clientIp(c, config.TRUSTED_PROXIES);
    if (!(await verifySender(c, recognised.provider, bytes, config))) await countRate(c, `${formKey} ${ip}`);

    const { form, taken } = await byForm(formKey, async (inForce) => {
      admitOrigin(c, inForce.form);
      if (recognised.answers.length === 0)
        throw new TendrilError('invalid', 'No field has a value', [{ path: '', reason: 'no field has a value' }]);
      const mapped = mapAnswers(withRequest(recognised, c, ip), inForce.form, inForce.country);
      if (recognised.provider === 'json') requireFields(mapped, inForce);
      const stored = await take(submissionOf(inForce, recognised, mapped, body.value));
      return stored && { form: inForce.form, taken: stored };
    });

    if (body.source === 'form' && c.req.header('accept')?.includes('text/html'))
      return c.redirect(thankYouUrl(form) ?? `/f/${formKey}/thanks`, 303);
    // Who fills in the trap is told what everybody is told.
    return c.json({ submissionId: taken.submissionId, state: taken.state === 'review' ? ('review' as const) : ('accepted' as const) }, 202);
  });
}

function checkShape({ source, value }: Body): void {
  if (source === 'json' && !isObject(value) && !Array.isArray(value))
    throw new TendrilError('invalid', 'A form is sent as one JSON object', [{ path: '', reason: 'is not an object' }]);
  if (isDeeperThan(DEEPEST, value))
    throw new TendrilError('invalid', `The body is nested deeper than ${DEEPEST} levels`, [{ path: '', reason: 'is nested too deeply' }]);
}

/** A person's own browser tells where it is; a form tool's server would only tell of itself. */
function withRequest(recognised: Recognised, c: Context, ip: string): Recognised {
  if (recognised.provider !== 'form' && recognised.provider !== 'json') return recognised;
  const page = c.req.header('referer')?.slice(0, 2_000);
  const request = {
    ip: ip === 'unknown' ? undefined : ip,
    userAgent: c.req.header('user-agent')?.slice(0, 500),
    ...(page && { url: page }),
  };
  return { ...recognised, context: { ...request, ...recognised.context } };
}

function requireFields(mapped: Mapped, { form }: FormInForce): void {
  const missing = form.required.filter((field) => mapped[field] === null);
  if (missing.length === 0) return;
  const unusable = new Set(mapped.unusable.map(({ field }) => field));
  throw new TendrilError(
    'invalid',
    `This form needs: ${missing.join(', ')}`,
    missing.map((field) => ({
      path: field,
      reason: unusable.has(field) ? 'is given, but cannot be used' : 'is missing',
      mend: `Send a usable ${field}`,
    })),
  );
}
