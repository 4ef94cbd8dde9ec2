import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doctor } from '../../../db/doctor.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { addCampaign, addEnrolment, addPerson } from '../../support/ground.ts';

/** What a violation is planted into: two people, a campaign in force, an enrolment, an open opportunity in a pool with one rep. */
interface Ground {
  pool: Pool;
  lead: string;
  other: string;
  campaign: { campaignId: string; versionId: string };
  enrolment: string;
  opportunity: string;
}

let database: TestDatabase;
let ground: Ground;

/** The clock stands still; the anchor is an hour old, so that what is overdue has been for an hour. */
beforeAll(async () => {
  database = await createDatabase();
  const { pool } = database;
  await pool.query("update workspace set clock_anchor_at = clock(), clock_anchor_real = now() - interval '1 hour', clock_rate = 0");
  const lead = await addPerson(pool, 'mei@huadong.example');
  const other = await addPerson(pool, 'ana@ostara.example');
  const campaign = await addCampaign(pool, 'trial');
  const enrolment = await addEnrolment(pool, campaign, lead);
  await pool.query("insert into document (kind, key, version, body) values ('scoring', 'default', 1, '{}')");
  const { rows } = await pool.query<{ id: string }>(
    `with p as (insert into pool (key, name) values ('sales', 'Sales') returning id),
     o as (insert into opportunity (lead_id, pool_id, source, next_look_at, nurture) select $1, id, 'api', clock() + interval '1 hour', false from p returning id)
     insert into opportunity_lead (opportunity_id, lead_id, added_at) select id, $1, clock() - interval '2 days' from o returning opportunity_id as id`,
    [lead],
  );
  ground = { pool, lead, other, campaign, enrolment, opportunity: rows[0]!.id };
});
afterAll(() => database.drop());

/** A ledger row of marketing mail; `given` is more columns and their values: `columns|values`. */
function send(given: string): string {
  const [columns, values] = given.split('|');
  return `insert into send (send_key, class, lane, template, ${columns})
          values (gen_random_uuid() || '/hello/1', 'marketing', 'marketing', 'welcome', ${values})`;
}

/** An open task of a rep's, looked at next at `at`. */
const task = (g: Ground, at: string): string =>
  `with r as (insert into rep (key, name, email) values ('ana', 'Ana', 'ana@firm.example') returning id)
   insert into task (task_key, title, owner_rep_id, lead_id, enrolment_id, due_at, next_look_at)
   select '${g.enrolment}/call/1', 'Call', id, '${g.lead}', '${g.enrolment}', clock(), ${at} from r`;

/** A sequence by which Ana has written to somebody since yesterday. */
function run(g: Ground, key = 'first'): string[] {
  return [
    `insert into rep (key, name, email) values ('ana', 'Ana', 'ana@firm.example') on conflict do nothing`,
    `with c as (insert into campaign (key, name, kind, state) values ('${key}', '${key}', 'sequence', 'live') returning id),
     v as (insert into campaign_version (campaign_id, number, body) select id, 1, '{}' from c returning id, campaign_id)
     insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, entered_at, due_at, rep_id)
     select v.campaign_id, v.id, l.id, l.slot, 'hello', clock(), clock() - interval '1 day', clock() + interval '1 day', r.id
       from v, lead l, rep r where l.id = '${g.other}' and r.key = 'ana'`,
    `update campaign c set live_version_id = v.id from campaign_version v where v.campaign_id = c.id`,
  ];
}

/** An account of Ana's, of which Zoe has taken an opportunity. */
const twoAtOne = (g: Ground): string[] => [
  `insert into rep (key, name, email) values ('ana', 'Ana', 'ana@firm.example'), ('zoe', 'Zoe', 'zoe@firm.example')`,
  `update account set owner_rep_id = (select id from rep where key = 'ana') where id = (select account_id from lead where id = '${g.lead}')`,
  `update opportunity set account_id = (select account_id from lead where id = '${g.lead}'), state = 'accepted',
          owner_rep_id = (select id from rep where key = 'zoe') where id = '${g.opportunity}'`,
];

/** Somebody who is not active any more, since when they left. */
const leaver = (leftAt: string): string =>
  `insert into rep (key, name, email, active, left_at) values ('leo', 'Leo', 'leo@firm.example', false, ${leftAt})`;

/** A call to another system; `given` as of `send`. */
function call(g: Ground, given: string): string {
  const [columns, values] = given.split('|');
  return `insert into outgoing_call (call_key, lane, host, url, method, body, timeout_ms, retries, lead_id, ${columns})
          values ('${g.enrolment}/crm/1', 'webhook', 'crm.example', 'https://crm.example/', 'POST', '{}', 10000, 10, '${g.lead}', ${values})`;
}

const mailed = (at: string): string => `'accepted', ${at}, ${at}, clock() - interval '3 days'`;
const MAILED = 'state, in_flight_at, settled_at, queued_at';

/** Each rule, and how to break it. A constraint that makes it impossible is dropped first: the doctor does not trust it. */
const planted: Record<string, (g: Ground) => string[]> = {
  'consent-unwatched': (g) => [
    `insert into consent (lead_id, topic, granted, source, expires_at) values ('${g.lead}', 'news', true, 'form', clock() + interval '1 day')`,
  ],
  'consent-overdue': (g) => [
    `insert into consent_due (lead_id, topic, consent_id, what, due_at) values ('${g.lead}', 'news', uuidv7(), 'remind', clock() - interval '1 hour')`,
  ],
  'opportunity-owner': (g) => [
    'alter table opportunity drop constraint opportunity_check',
    `update opportunity set state = 'offered', owner_rep_id = null where id = '${g.opportunity}'`,
  ],
  'opportunity-look': (g) => [
    'alter table opportunity drop constraint opportunity_check2',
    `update opportunity set next_look_at = null where id = '${g.opportunity}'`,
  ],
  'opportunity-overdue': (g) => [`update opportunity set next_look_at = clock() - interval '1 minute' where id = '${g.opportunity}'`],
  'pool-held': (g) => [
    `insert into rep (key, name, email) values ('zoe', 'Zoe', 'zoe@firm.example')`,
    `update opportunity set state = 'accepted', owner_rep_id = (select id from rep where key = 'zoe'), held_since = clock(), next_look_at = clock() + interval '1 day'
      where id = '${g.opportunity}'`,
  ],
  'partner-return': (g) => [
    `update opportunity set return_at = clock() - interval '1 minute', next_look_at = clock() + interval '1 day' where id = '${g.opportunity}'`,
  ],
  'snooze-end': (g) => [
    `insert into rep (key, name, email) values ('zoe', 'Zoe', 'zoe@firm.example')`,
    `update opportunity set state = 'accepted', owner_rep_id = (select id from rep where key = 'zoe'), snoozed_until = clock() + interval '1 day',
            next_look_at = clock() + interval '2 days' where id = '${g.opportunity}'`,
  ],
  'breach-open': (g) => [
    `insert into breach (opportunity_id, state, since, due_at) values ('${g.opportunity}', 'offered', clock(), clock())`,
    `update opportunity set state = 'rejected', closed_at = clock() where id = '${g.opportunity}'`,
  ],
  'review-look': () => [
    `insert into submission (form_key, provider, raw, state, review_due_at, review_look_at)
     values ('trial', 'json', '{}', 'review', clock() + interval '1 hour', clock() - interval '1 minute')`,
  ],
  'enrolment-stranded': (g) => [
    'alter table enrolment drop constraint enrolment_check',
    `update enrolment set due_at = null where id = '${g.enrolment}'`,
  ],
  'enrolment-overdue': (g) => [`update enrolment set due_at = clock() - interval '1 second' where id = '${g.enrolment}'`],
  'enrolment-twice': (g) => [
    'drop index enrolment_active',
    `insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, entered_at, due_at)
     select campaign_id, version_id, lead_id, slot, step_id, clock(), clock(), clock() + interval '1 day' from enrolment where id = '${g.enrolment}'`,
  ],
  'appointment-forgotten': (g) => [
    `insert into appointment (campaign_id, door, date, made_at, due_at)
     values ('${g.campaign.campaignId}', 'contract.ends_at', '2026-01-01', clock() - interval '1 day', clock() - interval '1 second')`,
  ],
  'schedule-unarmed': (g) => [
    `insert into campaign_entry (campaign_id, position, kind, body) values ('${g.campaign.campaignId}', 0, 'schedule', '{"schedule": {"every": {"weekday": "tue"}}}')`,
    `insert into campaign_door (campaign_id, door, position, subject) values ('${g.campaign.campaignId}', 'every tue', 0, 'schedule')`,
  ],
  'stop-forgotten': (g) => [
    `insert into enrolment_stop (enrolment_id, because, at) values ('${g.enrolment}', '{}', clock() - interval '1 minute')`,
  ],
  'enrolment-unwoken': (g) => [
    send('due_at|clock()'),
    `update send set state = 'accepted', in_flight_at = clock(), settled_at = clock()`,
    `update enrolment set waiting = 'send:' || (select send_key from send) where id = '${g.enrolment}'`,
  ],
  'wake-forgotten': (g) => [
    `insert into wake (campaign_id, slot, enrolment_id, at_real) values ('${g.campaign.campaignId}', 0, '${g.enrolment}', now() - interval '11 minutes')`,
  ],
  'candidate-forgotten': (g) => [
    `insert into candidate (campaign_id, slot, lead_id, event_at, at) values ('${g.campaign.campaignId}', 0, '${g.other}', clock(), clock() - interval '1 second')`,
  ],
  'score-forgotten': (g) => [`insert into score_wake (lead_id, slot, at) values ('${g.lead}', 0, clock() - interval '1 second')`],
  'score-overdue': (g) => [`update lead_score set due_at = clock() - interval '1 second' where lead_id = '${g.lead}'`],
  'campaign-version': (g) => [`update campaign set live_version_id = null where id = '${g.campaign.campaignId}'`],
  'mailed-twice': (g) =>
    [1, 2].map(() => send(`enrolment_id, step_id, ${MAILED}|'${g.enrolment}', 'hello', ${mailed("clock() - interval '3 days'")}`)),
  'captured-twice': () => [
    "insert into captured_mail (send_key, from_address, to_address, raw) values ('a/hello/1', 'a@x.example', 'b@x.example', ''), ('a/hello/1', 'a@x.example', 'b@x.example', '')",
  ],
  'hit-undecided': (g) => [
    `insert into hit (send_id, lead_id, kind, source, judge_at_real) values (uuidv7(), '${g.lead}', 'open', 'mail', now() - interval '11 minutes')`,
  ],
  'departure-expired': () => [send("state, token|'in_flight', gen_random_uuid()")],
  'send-overdue': () => [send("due_at|clock() - interval '1 minute'")],
  'send-unsettled': () => [send("state, in_flight_at|'accepted', clock()")],
  'mail-after-suppression': () => [
    "insert into suppression (address, kind, source, at) values ('mei@huadong.example', 'unsubscribe', 'page', clock() - interval '1 day')",
    send(`address, ${MAILED}|'mei@huadong.example', ${mailed('clock()')}`),
  ],
  'mail-without-consent': (g) => [
    `insert into consent (lead_id, topic, granted, source, at) values ('${g.other}', 'news', false, 'page', clock() - interval '1 day')`,
    send(`lead_id, topic, ${MAILED}|'${g.other}', 'news', ${mailed('clock()')}`),
  ],
  'mail-after-end': (g) => [
    `update enrolment set state = 'exited', due_at = null, ended_at = clock() - interval '1 day' where id = '${g.enrolment}'`,
    send(`enrolment_id, ${MAILED}|'${g.enrolment}', ${mailed('clock()')}`),
  ],
  'mail-while-with-sales': (g) => [send(`lead_id, ${MAILED}|'${g.lead}', ${mailed('clock()')}`)],
  'mail-to-held-out': (g) => [
    `update enrolment set holdout = true where id = '${g.enrolment}'`,
    send(`enrolment_id, step_id, ${MAILED}|'${g.enrolment}', 'hello', ${mailed("clock() - interval '3 days'")}`),
  ],
  'task-owner': (g) => [
    task(g, "clock() - interval '1 minute'"),
    `update task set created_at = clock() - interval '1 hour'`,
    `update rep set active = false`,
  ],
  'rep-left': () => [leaver('clock()'), `insert into account (owner_rep_id) select id from rep where key = 'leo'`],
  'offboarding-overdue': () => [
    leaver('clock()'),
    `insert into offboarding (rep_id, asked_by, look_at, started_real) select id, 'admin', clock(), now() - interval '1 hour' from rep where key = 'leo'`,
  ],
  'callback-overdue': (g) => [
    `with r as (insert into record (kind, external_id, lead_id, status) values ('order', '1', '${g.lead}', 'delivered') returning id)
     insert into callback (rule, record_id, since, due_at) select 'call', id, clock(), clock() - interval '1 minute' from r`,
  ],
  'task-overdue': (g) => [task(g, "clock() - interval '1 minute'")],
  'feed-behind': () => [endpoint("heard_real|now() - interval '1 hour'")],
  'message-overdue': () => [endpoint(), ...message("due_at|clock() - interval '1 minute'")],
  'message-lost': () => [endpoint(), ...message(), 'delete from webhook_message'],
  'call-overdue': (g) => [call(g, `due_at|clock() - interval '1 minute'`)],
  'answer-unheard': (g) => [
    task(g, 'clock()'),
    `update task set state = 'done', outcome = 'done', closed_at = clock(), next_look_at = null`,
    `update enrolment set waiting = 'task:' || (select task_key from task) where id = '${g.enrolment}'`,
  ],
  'answer-kept-held': (g) => [
    task(g, 'clock()'),
    `update task set state = 'cancelled', closed_at = clock(), next_look_at = null`,
    `insert into reply_pause (campaign_id, lead_id, task_id) select '${g.campaign.campaignId}', '${g.lead}', id from task`,
  ],
  'mail-after-answer': (g) => [
    `insert into reply_pause (campaign_id, lead_id, paused_at) values ('${g.campaign.campaignId}', '${g.other}', clock() - interval '1 hour')`,
    send(`lead_id, campaign_id, ${MAILED}|'${g.other}', '${g.campaign.campaignId}', ${mailed('clock()')}`),
  ],
  'mailbox-unread': () => ["insert into mailbox (key, error, failures) values ('a@b/INBOX', 'no', 3)"],
  'answer-passed-on': (g) => [
    `insert into inbound_mail (key, channel, kind, state, lead_id, detail) values ('k', 'hook', 'reply', 'done', '${g.lead}', '{"task": "t"}')`,
  ],
  'run-without-rep': (g) => [...run(g), 'update enrolment set rep_id = null where rep_id is not null'],
  'run-twice': (g) => [...run(g), ...run(g, 'second')],
  'draft-moot': (g) => [...run(g), `update enrolment set waiting = 'draft:k' where rep_id is not null`],
  'draft-forgotten': (g) => [
    ...run(g),
    `update enrolment set waiting = 'draft:k' where rep_id is not null`,
    `insert into draft (send_key, enrolment_id, campaign_id, step_id, lead_id, rep_id, thread, body, due_at, next_look_at)
     select 'k', id, campaign_id, step_id, lead_id, rep_id, 'new', 'Hello', clock(), clock() - interval '1 hour' from enrolment where rep_id is not null`,
  ],
  'marketing-during-run': (g) => [...run(g), send(`lead_id, ${MAILED}|'${g.other}', ${mailed('clock()')}`)],
  'segment-overdue': () => [`insert into kept_segment (segment_key, due_at) values ('keen', clock() - interval '1 minute')`],
  'segment-unkept': (g) => [`insert into segment_entry (campaign_id, segment_key) values ('${g.campaign.campaignId}', 'keen')`],
  'submission-lost': (g) => [
    `insert into submission (form_key, provider, raw, state, lead_id, event_id) values ('trial', 'json', '{}', 'accepted', '${g.lead}', uuidv7())`,
  ],
  'review-unheard': () => [
    "insert into submission (form_key, provider, raw, state, review_due_at) values ('trial', 'json', '{}', 'review', clock() - interval '1 minute')",
  ],
  'lead-unrecognisable': (g) => [`delete from lead_identity where lead_id = '${g.lead}'`],
  'partition-missing': () => ["insert into journal (at, kind) values (clock() + interval '3 years', 'entered')"],
};

const listed: Record<string, (g: Ground) => string[]> = {
  'routing-names': () => [
    `insert into document (kind, key, version, body) values ('routing', 'default', 1, '{"rules": [{"key": "south", "to": {"pool": "gone"}}]}')`,
  ],
  'routing-conflicts': twoAtOne,
  'routing-unsettled': (g) => [
    ...twoAtOne(g),
    `insert into routing_conflict (kind, account_id, opportunity_id, rep_id, noted_at)
     select 'account_owner', o.account_id, o.id, a.owner_rep_id, clock() - interval '8 days' from opportunity o join account a on a.id = o.account_id`,
  ],
  'stage-known': (g) => [
    `insert into document (kind, key, version, body) values ('pipeline', 'default', 1, '{"stages": [{"key": "first", "name": "First", "probability": 10}]}')`,
    `insert into rep (key, name, email) values ('zoe', 'Zoe', 'zoe@firm.example')`,
    `update opportunity set state = 'accepted', owner_rep_id = (select id from rep where key = 'zoe'), stage = 'gone' where id = '${g.opportunity}'`,
  ],
  'enrolment-errors': (g) => [`update enrolment set error = 'boom', failures = 1 where id = '${g.enrolment}'`],
  'segment-errors': () => [`insert into kept_segment (segment_key, due_at, error) values ('keen', null, 'boom')`],
  'mail-dropped': () => [
    "insert into delivery_event (key, source, kind, address, reason, told_real) values ('k', 'sendgrid', 'dropped', 'a@x.example', 'Bounced Address', now())",
  ],
  'send-unknown': () => [send("state, unknown_at|'unknown', clock()")],
  'rep-inactive': () => [leaver('null'), `insert into account (owner_rep_id) select id from rep where key = 'leo'`],
  'call-failed': (g) => [call(g, `state, settled_at|'failed', clock()`)],
  'inbound-review': () => [
    "insert into inbound_mail (key, channel, kind, state, reason) values ('k', 'hook', 'reply', 'review', 'it answers no mail of ours')",
  ],
  'meeting-without-host': (g) => [
    leaver('null'),
    `insert into meeting (uri, lead_id, rep_id, name, starts_at, state) select 'm', '${g.lead}', id, 'Pumps', clock() + interval '1 day', 'booked' from rep where key = 'leo'`,
  ],
  'domain-paused': () => ["insert into sending_domain (domain, paused_at, paused_reason) values ('firm.example', clock(), 'spam')"],
  'message-dead': () => [endpoint(), ...message("state, settled_at|'dead', clock()")],
  'endpoint-disabled': () => [endpoint("state, disabled_at, disabled_reason|'disabled', clock(), 'gone'")],
  'lane-stopped': () => ["update lane set stopped_reason = 'bad credentials' where key = 'marketing'"],
};

/** Somebody who is told of everything, and a message to them; `given` as above. */
function endpoint(given = "description|'the CRM'"): string {
  const [columns, values] = given.split('|');
  return `insert into webhook_endpoint (url, types, ${columns}) values ('https://crm.example', '{*}', ${values})`;
}
function message(given = 'attempts|0'): string[] {
  const [columns, values] = given.split('|');
  return [
    `insert into webhook_message (id, type, at, body) values ('msg_1', 'lead.created', clock(), '{}')`,
    `insert into webhook_delivery (endpoint_id, message_id, ${columns}) select id, 'msg_1', ${values} from webhook_endpoint`,
  ];
}

/** Plants in a transaction that is rolled back, and answers what the doctor then finds. */
async function findings(statements: string[], graceSeconds = 600): Promise<Record<string, { violations: number; listed: number }>> {
  const tx = await ground.pool.connect();
  try {
    await tx.query('begin');
    for (const statement of statements) await tx.query(statement);
    const all = await doctor(tx, { graceSeconds });
    return Object.fromEntries(
      all
        .filter((one) => one.violations + one.listed > 0)
        .map(({ check, violations, listed: seen }) => [check, { violations, listed: seen }]),
    );
  } finally {
    await tx.query('rollback');
    tx.release();
  }
}

test('a sound workspace has no violations, and there is a proof for every rule', async () => {
  expect(await findings([])).toEqual({});
  const checks = (await doctor(ground.pool)).map((one) => one.check);
  expect(checks.toSorted()).toEqual([...Object.keys(planted), ...Object.keys(listed)].toSorted());
});

describe('each violation is found, and nothing else is accused', () => {
  test.each(Object.entries(planted))('%s', async (check, plant) => {
    const found = await findings(plant(ground));
    expect(found).toEqual({ [check]: { violations: 1, listed: 0 } });
  });
});

describe('what is worth knowing is listed without being a violation', () => {
  test.each(Object.entries(listed))('%s', async (check, plant) => {
    expect(await findings(plant(ground))).toEqual({ [check]: { violations: 0, listed: 1 } });
  });
});

test('a clock that has just been jumped has made nothing overdue', async () => {
  const found = await findings([
    "update workspace set clock_anchor_at = clock_anchor_at + interval '30 days', clock_anchor_real = now()",
    'select ensure_partitions(4)',
  ]);
  expect(found).toEqual({});
});

test('what a paused campaign or a stopped lane holds back is nobody’s fault', async () => {
  const held = [
    `update enrolment set due_at = clock() - interval '1 hour' where id = '${ground.enrolment}'`,
    send("due_at|clock() - interval '1 hour'"),
  ];
  expect(Object.keys(await findings(held))).toEqual(['enrolment-overdue', 'send-overdue']);
  expect(await findings([...held, "update campaign set state = 'paused'", 'update workspace set sending_stopped_at = clock()'])).toEqual(
    {},
  );
});

test('a wish taken back is no refusal, and a mail that left before it is no offence', async () => {
  const found = await findings([
    `insert into consent (lead_id, topic, granted, source, at) values ('${ground.other}', 'news', false, 'page', clock() - interval '2 days')`,
    `insert into consent (lead_id, topic, granted, source, at) values ('${ground.other}', 'news', true, 'form', clock() - interval '1 day')`,
    "insert into suppression (address, kind, source, at) values ('ana@ostara.example', 'unsubscribe', 'page', clock())",
    send(`lead_id, topic, address, ${MAILED}|'${ground.other}', 'news', 'ana@ostara.example', ${mailed('clock()')}`),
  ]);
  expect(found).toEqual({});
});

test('what left before the clock went back to real time came before what comes after, though it is dated later', async () => {
  const back = [
    `update workspace set clock_anchor_at = clock() + interval '90 days', clock_anchor_real = now()`,
    'select ensure_partitions(4)',
    send(`lead_id, topic, address, ${MAILED}|'${ground.other}', 'news', 'ana@ostara.example', ${mailed('clock()')}`),
    `update send set id = uuidv7(interval '-1 hour')`,
    `insert into clock_setback (at_real, back_from, back_to) select now(), clock(), now() from workspace`,
    `update workspace set clock_anchor_at = 'epoch', clock_anchor_real = 'epoch', clock_rate = 1`,
  ];
  const left = [
    "insert into suppression (address, kind, source) values ('ana@ostara.example', 'unsubscribe', 'page')",
    `insert into consent (lead_id, topic, granted, source) values ('${ground.other}', 'news', false, 'page')`,
  ];
  expect(await findings([...back, ...left])).toEqual({});
  const before = ["update suppression set id = uuidv7(interval '-2 hours')", "update consent set id = uuidv7(interval '-2 hours')"];
  expect(Object.keys(await findings([...back, ...left, ...before]))).toEqual(['mail-after-suppression', 'mail-without-consent']);
});
