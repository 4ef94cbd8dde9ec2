import { accept, touch } from '../../../db/answers.ts';
import { close } from '../../../db/deals.ts';
import { putDocument } from '../../../db/documents.ts';
import { handOff } from '../../../db/opportunities.ts';
import { findPool, passToPool, returnToUs } from '../../../db/partners.ts';
import { inTransaction, type Queryable } from '../../../db/pool.ts';
import { reassign, reject } from '../../../db/rejections.ts';
import { findRep } from '../../../db/reps.ts';
import { setAccountOwner } from '../../../db/routing/settling.ts';
import { snooze } from '../../../db/snooze.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { slaDocument } from '../../../domain/sla/document.ts';
import { POOLS, ROUTING, SLA } from './documents.ts';
import { dyingPool, Killed } from './dying.ts';
import { type Firm, repOf } from './firm.ts';
import type { Move, Whom } from './moves.ts';
import { workAndDie, workOff } from './work.ts';

const HOUR = 3_600_000;

/** Does it, if it can be done as things stand; what the product declines is declined. Answers false where there was nothing to do it to. */
export async function act(firm: Firm, move: Move): Promise<boolean> {
  switch (move.do) {
    case 'hand off':
      return handsOff(firm, move);
    case 'away':
      return goesAway(firm, move);
    case 'back':
      return put(firm, 'post', `/v1/reps/${move.rep}/absence`, { from: null });
    case 'capacity': {
      const limits = { ...(move.open && { open: move.open }), ...(move.perDay && { perDay: move.perDay }) };
      return put(firm, 'put', '/v1/reps', { items: [repOf(move.rep, Object.keys(limits).length > 0 ? limits : null)] });
    }
    case 'leave':
      return put(firm, 'post', `/v1/reps/${await keyOf(firm, move.rep)}/offboard`, { to: move.to ?? 'rule' });
    case 'stay':
      return ofWhoLeft(firm, 'running', (rep) => `/v1/reps/${rep}/offboard/cancel`);
    case 'return':
      return ofWhoLeft(firm, 'done', (rep) => `/v1/reps/${rep}/return`);
    case 'pool':
      return put(firm, 'put', `/v1/pools/${move.key}`, POOLS[move.key]![move.version]);
    case 'routing':
      return put(firm, 'put', '/v1/routing', ROUTING[move.version]);
    case 'sla':
      await putDocument(firm.pool, 'sla', 'default', slaDocument.parse(SLA[move.version]));
      return true;
    case 'settle':
      return settles(firm, move.give);
    case 'account owner':
      return trying(async (tx) => {
        const { rows } = await tx.query<{ id: string }>(`select id from account where domain = 'firm-' || $1::int || '.example'`, [
          move.account,
        ]);
        await setAccountOwner(tx, rows[0]!.id, move.rep === null ? null : await findRep(tx, move.rep));
      }, firm);
    case 'jump':
      return jumps(firm, `clock() + make_interval(mins => ${move.minutes})`);
    case 'jump to next':
      return jumps(firm, 'greatest(clock(), (select min(next_look_at) from opportunity))');
    case 'work':
      await (typeof move.die !== 'number' ? workOff(firm, move.twice) : workAndDie(firm, move.twice, move.die));
      return true;
    default:
      return answers(firm, move);
  }
}

type Answer = Extract<Move, { of: number }>;
interface Case {
  id: string;
  owner: string | null;
  asked: string | null;
  epoch: number;
}

const OPEN = ['queued', 'offered', 'accepted', 'touched'];
const TAKEN = ['accepted', 'touched'];
const HAPPENS_TO: Record<Answer['do'], readonly string[]> = {
  accept: ['offered'],
  'old link': OPEN,
  reject: ['offered', ...TAKEN],
  touch: TAKEN,
  snooze: ['offered', ...TAKEN],
  close: TAKEN,
  reassign: OPEN,
  pass: OPEN,
  'give back': OPEN,
};

async function answers(firm: Firm, move: Answer): Promise<boolean> {
  if (move.do === 'old link') return followsOldLink(firm, move.of);
  const { rows } = await firm.pool.query<Case>(
    `select o.id, r.key as owner, b.key as asked, o.epoch from opportunity o left join rep r on r.id = o.owner_rep_id left join rep b on b.id = o.asked_rep_id
      where o.state = any($1) order by o.id`,
    [HAPPENS_TO[move.do]],
  );
  const one = rows[move.of % rows.length];
  return one ? trying((tx) => answer(tx, firm, one, move), firm, move.die) : false;
}

async function answer(tx: Queryable, firm: Firm, { id, owner, asked, epoch }: Case, move: Answer): Promise<unknown> {
  const rep = owner === null ? null : await findRep(tx, owner);
  switch (move.do) {
    case 'accept': {
      const second = move.second && asked ? await findRep(tx, asked) : null;
      return accept(tx, id, { rep: (second ?? rep)!, epoch });
    }
    case 'reject':
      return reject(tx, id, { reason: move.reason }, move.byHand ? null : { rep: rep! });
    case 'touch':
      return touch(tx, id, rep);
    case 'snooze': {
      const until = new Date((await firm.now()).getTime() + move.hours * HOUR).toISOString();
      return snooze(tx, id, { until, reason: 'asked to' }, { rep: rep! });
    }
    case 'close':
      return close(tx, id, { outcome: move.outcome, ...(move.outcome === 'lost' && { reason: 'price' }) }, rep);
    case 'reassign': {
      const to = move.to === null ? null : await findRep(tx, move.to);
      if (to && !to.active) throw new TendrilError('invalid', 'The endpoint declines who is not active');
      return reassign(tx, id, to);
    }
    case 'pass':
      return passToPool(tx, id, (await findPool(tx, move.pool))!, 'test');
    default:
      return returnToUs(tx, id, rep ?? { key: 'mia', name: 'mia' }, null);
  }
}

/** A link of a mail that a newer one has replaced is worth nothing. */
async function followsOldLink(firm: Firm, of: number): Promise<boolean> {
  const old = firm.seen.links.filter(({ id, epoch }) => epoch < firm.seen.cases.get(id)!.epoch);
  const link = old[of % old.length];
  if (!link) return false;
  const { id, epoch, rep: key } = link;
  const rep = (await findRep(firm.pool, key))!;
  await inTransaction(firm.pool, (tx) => accept(tx, id, { rep, epoch })).then(
    () => {
      throw new Error('an old link still works');
    },
    (error: unknown) => {
      if (!(error instanceof TendrilError)) throw error;
    },
  );
  return true;
}

async function handsOff(firm: Firm, { account, line, source, pool, urgent, die }: Extract<Move, { do: 'hand off' }>): Promise<boolean> {
  const added = await trying(
    async (tx) => {
      const { rows } = await tx.query<{ id: string }>(
        `insert into lead (email, name, account_id) select gen_random_uuid() || '@visitor.example', 'Mei', (select id from account where domain = 'firm-' || $1::int || '.example') returning id`,
        [account],
      );
      await handOff(tx, [{ leadId: rows[0]!.id, source, productLine: line, pool, urgent, because: { note: 'test' } }]);
    },
    firm,
    die,
  );
  if (added) firm.seen.leads++;
  return added;
}

async function settles(firm: Firm, give: string | null): Promise<boolean> {
  const { rows } = await firm.pool.query<{ id: string }>('select id from routing_conflict where settled_at is null order by id limit 1');
  return rows[0] ? put(firm, 'post', `/v1/routing/conflicts/${rows[0].id}/settle`, give ? { rep: give } : { keep: 'both' }) : false;
}

async function goesAway(firm: Firm, { hours, standIn, rep }: Extract<Move, { do: 'away' }>): Promise<boolean> {
  const [key, now] = [await keyOf(firm, rep), await firm.now()];
  const to = hours === null ? null : new Date(now.getTime() + hours * HOUR).toISOString();
  const body = { from: now.toISOString(), to, standIn: standIn === key ? null : standIn };
  return put(firm, 'post', `/v1/reps/${key}/absence`, body);
}

/** The rep named, or whoever has one of the open opportunities; ana where nobody has any. */
async function keyOf({ pool }: Firm, whom: Whom): Promise<string> {
  if (typeof whom === 'string') return whom;
  const { rows } = await pool.query<{ key: string }>(
    'select r.key from opportunity o join rep r on r.id = o.owner_rep_id where o.closed_at is null order by o.id',
  );
  return rows[whom % rows.length]?.key ?? 'ana';
}

/** Asks something of the first whose handing over stands so, and who is not active still. */
async function ofWhoLeft(firm: Firm, state: 'running' | 'done', path: (rep: string) => string): Promise<boolean> {
  const { rows } = await firm.pool.query<{ key: string }>(
    'select r.key from offboarding o join rep r on r.id = o.rep_id where o.state = $1 and not r.active order by o.id limit 1',
    [state],
  );
  return rows[0] ? put(firm, 'post', path(rows[0].key), {}) : false;
}

async function jumps(firm: Firm, to: string): Promise<boolean> {
  await firm.pool.query(`update workspace set clock_anchor_at = ${to}, clock_anchor_real = now()`);
  return true;
}

/** What the api is asked; it may decline, not fail. */
async function put(firm: Firm, how: 'put' | 'post', path: string, body: unknown): Promise<boolean> {
  const answer = await firm[how](path, body);
  if (answer.status >= 500 || answer.status === 404) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.ok;
}

/** A transaction that may be declined, or thrown away by a kill. */
async function trying(work: (tx: Queryable) => Promise<unknown>, { pool }: Firm, die: number | null = null): Promise<boolean> {
  try {
    await inTransaction(die === null ? pool : dyingPool(pool, die), work);
    return true;
  } catch (error) {
    if (error instanceof TendrilError || error instanceof Killed) return false;
    throw error;
  }
}
