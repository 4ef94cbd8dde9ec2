import type { OpenAPIHono } from '@hono/zod-openapi';
import { readClock } from '../../../db/clock.ts';
import { type Draft, editDraft, requireDraft, sendDraft, skipDraft } from '../../../db/drafts.ts';
import { inTransaction, type Queryable } from '../../../db/pool.ts';
import { TendrilError } from '../../../domain/errors.ts';
import type { Loop } from '../../../domain/loops.ts';
import { storable } from '../../../domain/storable.ts';
import type { DraftLink } from '../../../messaging/draft-mail.ts';
import { verifyLink } from '../../../messaging/links.ts';
import type { ApiDeps } from '../../deps.ts';
import { answered, linkRoutes, pageResponse, postedForm, type Refusals } from '../letter.ts';
import { doneWith, draftPage, type Written } from './page.ts';

const { showRoute, actRoute } = linkRoutes('/draft/{token}', {
  shows: 'The link of a draft’s mail: shows the letter, and changes nothing',
  acts: 'Edits, sends or skips it',
  form: 'The page’s form: `subject`, `body`, `version` and `act` (send, save or skip). Works while Temporal is down.',
  pages: {
    409: pageResponse('A page that says the letter is sent, skipped or not wanted any more'),
    410: pageResponse('A page that says somebody else has the letter now'),
    422: pageResponse('The page again, saying what is the matter'),
  },
});

/** Characters of a letter. */
const LONGEST = 20_000;

/** GET and POST /draft/{token}. */
export function draftLinkEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  app.openapi(showRoute, async (c) => answered(c, refusals, async () => draftPage(c, await read(c.req.valid('param').token))));

  app.openapi(actRoute, async (c) =>
    answered(c, refusals, async () => {
      const draft = await read(c.req.valid('param').token);
      const posted = await postedForm(c, LONGEST);
      const act = posted('act');
      const written: Written = {
        subject: storable(posted('subject'), 200),
        body: posted('body'),
        version: Number(posted('version') || draft.version),
      };
      if (act !== 'send' && act !== 'save' && act !== 'skip') return draftPage(c, draft, 'Please choose what to do with it.', written);
      const wrong = act === 'skip' ? null : wrongWith(draft, written);
      if (wrong) return draftPage(c, draft, wrong, { ...written, version: draft.version });
      const loops = await inTransaction(pool, (tx) => carryOut(tx, draft, act, written));
      loops.forEach(poke);
      return doneWith(c, draft, act);
    }),
  );

  /** The open draft a link is for, and that it is still theirs for whom it was made. */
  async function read(token: string): Promise<Draft> {
    const { now } = await readClock(pool);
    const link = verifyLink<DraftLink>(config.TENDRIL_SECRET!, 'draft', token, now);
    const draft = await requireDraft(pool, link.d);
    if (draft.state === 'sent') throw new TendrilError('conflict', 'It is sent already');
    if (draft.state === 'skipped') throw new TendrilError('conflict', 'It was skipped');
    if (draft.state === 'cancelled') throw new TendrilError('conflict', 'It is not wanted any more: the sequence has ended for them');
    if (draft.rep.id !== link.r) throw new TendrilError('link_expired', `This letter is ${draft.rep.name}’s now`);
    if (!draft.rep.active) throw new TendrilError('not_found', 'There is no such draft');
    return draft;
  }
}

function wrongWith({ version }: Draft, written: Written): string | null {
  if (written.body === '') return 'The letter is empty.';
  if (written.version !== version)
    return 'It was changed elsewhere meanwhile. Below is what you have written: send or save it again to keep yours.';
  const [left] = /\{\{[^{}]*\}\}/.exec(`${written.subject} ${written.body}`) ?? [];
  return left ? `${left} has no value: please write what it is to say.` : null;
}

function carryOut(tx: Queryable, { id }: Draft, act: 'send' | 'save' | 'skip', { subject, body, version }: Written): Promise<Loop[]> {
  const edit = { subject: subject === '' ? null : subject, body, version };
  if (act === 'skip') return skipDraft(tx, id);
  return act === 'send' ? sendDraft(tx, id, edit) : editDraft(tx, id, edit).then(() => []);
}

const refusals: Refusals = {
  link_expired: { status: 410, title: 'This is somebody else’s now', words: (message) => `${message}.` },
};
