import { expect, onTestFinished, test, vi } from 'vitest';
import { violations } from '../support/chaos.ts';
import { booked, calendlyEnv, calendlyTells } from '../support/calendly.ts';
import { startImap } from '../support/imap.ts';
import { comesBack, dsn, inboundEnv, letter } from '../support/mail-back.ts';
import { type CapturedMail, readOutbox } from '../support/outbox.ts';
import { addWriters, begin, saveSequence } from '../support/sequences.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

/** A Monday, two weeks before Europe's clocks go back (25 October) and three before America's (1 November). */
const START = new Date('2026-10-12T08:00:00Z');
const END = new Date('2026-11-20T00:00:00Z');
const ZONES: Record<string, string> = { DE: 'Europe/Berlin', US: 'America/New_York', JP: 'Asia/Tokyo' };
const HOLIDAYS: Record<string, string[]> = { DE: ['2026-10-19'], US: ['2026-10-19'], JP: ['2026-10-19', '2026-11-03'] };
const LIMIT = 4;

const words = (id: string, text: string, more = {}) => ({ id, mail: { text, ...more } });
const steps = [
  words('hello', 'Dear {{default lead.first_name "colleague"}},\n\nshall we talk about pumps?\n\n{{rep.name}}', {
    subject: 'Pumps for you',
  }),
  { id: 'w1', wait: '3bd' },
  words('again', 'Did you see my letter?'),
  { id: 'w2', wait: '5bd' },
  words('case', 'A mill in Kiel halved its bill.'),
  { id: 'w3', wait: '5bd' },
  words('offer', 'May I send you an offer?'),
  { id: 'w4', wait: '5bd' },
  words('last', 'This is my last letter.'),
];
/** Business days that lie at least between a letter and the one before it. */
const WAITS = [3, 5, 5, 5];

interface Person {
  email: string;
  country: string;
  rep: 'ana' | 'ben';
  /** What they do with which letter, counted from 1; the others are silent to the end. */
  does?: { with: number; what: 'relay' | 'imap' | 'away' | 'bounce' | 'book' | 'stop' };
  ends: string;
}

const silent = (country: string, rep: Person['rep'], n: number): Person => ({
  email: `silent${n}@quiet${n}.example`,
  country,
  rep,
  ends: 'completed',
});
const people: Person[] = [
  silent('DE', 'ana', 1),
  silent('US', 'ana', 2),
  silent('JP', 'ana', 3),
  silent('DE', 'ana', 4),
  silent('DE', 'ben', 5),
  silent('US', 'ben', 6),
  { email: 'relay@answers.example', country: 'DE', rep: 'ana', does: { with: 2, what: 'relay' }, ends: 'reply' },
  { email: 'colleague@answers.example', country: 'DE', rep: 'ana', ends: 'colleague_reply' },
  { email: 'imap@mailbox.example', country: 'US', rep: 'ben', does: { with: 3, what: 'imap' }, ends: 'reply' },
  { email: 'away@beach.example', country: 'DE', rep: 'ana', does: { with: 2, what: 'away' }, ends: 'completed' },
  { email: 'gone@nowhere.example', country: 'DE', rep: 'ana', does: { with: 1, what: 'bounce' }, ends: 'bounce' },
  { email: 'meets@calendar.example', country: 'JP', rep: 'ben', does: { with: 2, what: 'book' }, ends: 'meeting' },
  { email: 'enough@please.example', country: 'US', rep: 'ben', does: { with: 4, what: 'stop' }, ends: 'unsubscribe' },
];
const byEmail = new Map(people.map((one) => [one.email, one]));
const RETURNS = '2026-10-29';

/** A local date and time: `2026-10-12 09:30 Mon`. */
const wall = (at: Date, zone: string): { date: string; time: string; weekday: string } => {
  const part = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      weekday: 'short',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return { date: `${part['year']}-${part['month']}-${part['day']}`, time: `${part['hour']}:${part['minute']}`, weekday: part['weekday']! };
};

const isFree = (date: string, country: string): boolean =>
  [0, 6].includes(new Date(`${date}T12:00Z`).getUTCDay()) || HOLIDAYS[country]!.includes(date);

/** Business days from one date to another, the first not counted. */
function businessDays(from: string, to: string, country: string): number {
  let count = 0;
  for (let at = new Date(`${from}T12:00Z`); ;) {
    at = new Date(at.getTime() + 86_400_000);
    const date = at.toISOString().slice(0, 10);
    if (date > to) return count;
    if (!isFree(date, country)) count++;
  }
}

test(
  'four weeks of letters: each in its thread, its reader’s hours and its rep’s limit; whoever answers, however it comes, hears no more',
  { timeout: 300_000 },
  async () => {
    const imap = await startImap();
    onTestFinished(() => imap.close());
    const firm = await workspace({
      at: START,
      env: { ...inboundEnv, ...calendlyEnv, IMAP_EVERY: '60' },
      documents: {
        calendar: {
          default: { hours: { days: 'mon-fri', from: '09:00', to: '17:00' }, holidays: { all: ['2026-10-19'], JP: ['2026-11-03'] } },
        },
      },
    });
    await addWriters(firm);
    await firm.pool.query(`update rep set personal_mails_a_day = $1 where key = 'ana'`, [LIMIT]);
    const box = { host: '127.0.0.1', port: Number(new URL(imap.url).port), tls: 'none', username: 'answers', password: 'p@ss/word' };
    expect(await firm.put('/v1/reps/ben/mailbox', box)).toHaveStatus(200);
    await saveSequence(firm, {
      key: 'first-contact',
      name: 'First contact',
      stopOn: ['reply', 'meeting', 'unsubscribe', 'bounce', 'opportunity_closed', 'colleague_reply'],
      steps,
    });
    for (const { email, country } of people) {
      const traits = { email, firstName: email.split('@')[0], address: { country } };
      expect(await firm.post('/v1/identify', { userId: email, traits, context: { timezone: ZONES[country] } })).toHaveStatus(200);
    }
    for (const rep of ['ana', 'ben'] as const) {
      const theirs = people.filter((one) => one.rep === rep).map(({ email }) => email);
      expect(await begin(firm, theirs, rep)).toMatchObject({ started: theirs.length });
    }
    await firm.startWorker();

    let jumps = 0;
    const stopped = new Map<string, Date>();
    let seen = 0;
    for (let looks = 0; looks < 400; looks++) {
      await firm.settle(120_000);
      const fresh = await readOutbox(firm.pool, undefined, seen);
      seen += fresh.length;
      for (const mail of fresh) {
        const person = byEmail.get(mail.to);
        const letters = person ? (await firm.outbox(mail.to)).length : 0;
        if (person?.does?.with === letters) {
          await act(firm, imap, person, mail);
          await seeTo(firm);
          if (person.does.what !== 'away') stopped.set(mail.to, await firm.now());
          if (person.does.what === 'relay') stopped.set('colleague@answers.example', await firm.now());
        }
      }
      if (fresh.length > 0) continue;
      const { nextDue } = (await (await firm.get('/v1/clock')).json()) as { nextDue: string | null };
      if (!nextDue || Date.parse(nextDue) >= END.getTime()) break;
      await firm.jump(new Date(nextDue));
      jumps++;
    }

    const all = await firm.outbox();
    const lettersTo = (email: string) => all.filter((mail) => mail.to === email && mail.sendKey?.startsWith('relay/') === false);
    for (const person of people) {
      const letters = lettersTo(person.email);
      const expected = person.does && person.does.what !== 'away' ? person.does.with : person.ends === 'completed' ? 5 : letters.length;
      expect([person.email, letters.length]).toEqual([person.email, expected]);
      inOneThread(letters);
      const end = stopped.get(person.email);
      if (end) expect(letters.filter(({ at }) => at > end)).toEqual([]);
      const zone = ZONES[person.country]!;
      const when = letters.map(({ at }) => wall(at, zone));
      for (const { date, time } of when) {
        expect([date, isFree(date, person.country)]).toEqual([date, false]);
        expect(time >= '08:00' && time < '18:00', `${person.email} ${date} ${time}`).toBe(true);
      }
      for (const [n, { date }] of when.slice(1).entries()) {
        const days = businessDays(when[n]!.date, date, person.country);
        expect(days, `${person.email} ${n} ${when.map((w) => w.date).join()}`).toBeGreaterThanOrEqual(WAITS[n]!);
        // Ben has room every day: his letters leave on the very day.
        if (person.rep === 'ben') expect([person.email, n, days]).toEqual([person.email, n, WAITS[n]!]);
      }
    }
    // Whoever is away is left in peace until the business day after their return.
    const away = lettersTo('away@beach.example').map(({ at }) => wall(at, ZONES['DE']!).date);
    expect(away.filter((date) => date > away[1]! && date <= RETURNS)).toEqual([]);
    expect(away[2]! > RETURNS).toBe(true);

    // The clocks went back: the hour on the reader's wall stays.
    const hours = lettersTo('silent5@quiet5.example').map(({ at }) => wall(at, ZONES['DE']!).time);
    expect(new Set(hours.slice(1)).size).toBe(1);

    // No day of Ana's saw more letters than she writes in one, and some had to wait for it.
    const days = new Map<string, number>();
    for (const mail of people.filter(({ rep }) => rep === 'ana').flatMap(({ email }) => lettersTo(email))) {
      const { date } = wall(mail.at, 'Europe/Berlin');
      days.set(date, (days.get(date) ?? 0) + 1);
    }
    expect(Math.max(...days.values())).toBe(LIMIT);

    const { rows: ends } = await firm.pool.query<{ email: string; end: string }>(
      `select l.email, coalesce(case when e.state = 'completed' then 'completed' end, e.end_reason, e.state) as end
       from enrolment e join lead l on l.id = e.lead_id order by l.email`,
    );
    expect(ends).toEqual(people.map(({ email, ends: end }) => ({ email, end })).toSorted((a, b) => (a.email < b.email ? -1 : 1)));

    // The answers reached those who wrote: Ana by the relay, and hers the person; Ben in his own mailbox, without a second copy.
    const toAna = all.filter(({ to }) => to === 'ana@ostara.example').map(({ headers }) => headers.get('reply-to') ?? '');
    expect(toAna.some((address) => address.includes('@mail.firm.example'))).toBe(true);
    const [through] = all.filter(({ sendKey }) => sendKey?.startsWith('relay/'));
    expect([through!.to, through!.text.trim()]).toEqual(['relay@answers.example', 'Tuesday at ten?']);
    expect(all.filter(({ to, sendKey }) => to === 'ben@ostara.example' && sendKey?.startsWith('reply/'))).toEqual([]);
    const toUs = all.filter(({ to, headers }) => byEmail.get(to)?.rep === 'ben' && headers.get('reply-to')?.includes('@mail.firm.example'));
    expect(toUs).toEqual([]);
    expect(await violations(firm)).toEqual([]);
    console.info(`four weeks: ${jumps} instants at which something was due, ${all.length} mails`);
  },
);

/** Each letter but the first is called after the first, and refers to all before it. */
function inOneThread(letters: readonly CapturedMail[]): void {
  const ids = letters.map(({ headers }) => headers.get('message-id')!);
  for (const [n, { subject, headers }] of letters.entries()) {
    expect(subject).toBe(n === 0 ? 'Pumps for you' : 'Re: Pumps for you');
    expect(headers.get('in-reply-to')).toBe(n === 0 ? undefined : ids[n - 1]);
    expect(headers.get('references')).toBe(n === 0 ? undefined : ids.slice(0, n).join(' '));
  }
}

async function act(
  firm: Workspace,
  imap: Awaited<ReturnType<typeof startImap>>,
  { email, does }: Person,
  mail: CapturedMail,
): Promise<void> {
  const back = /[\w+.-]+@mail\.firm\.example/.exec(mail.headers.get('reply-to') ?? '')?.[0] ?? 'ben@ostara.example';
  const references = [`In-Reply-To: ${mail.headers.get('message-id')}`];
  switch (does!.what) {
    case 'relay': {
      expect(await comesBack(firm, letter({ from: email, to: back, text: 'When can we talk?' }))).toMatchObject({
        kind: 'reply',
        state: 'done',
      });
      await firm.settle(120_000);
      const [forward] = (await firm.outbox('ana@ostara.example')).slice(-1);
      const answer = {
        from: 'Ana Ruiz <ana@ostara.example>',
        to: /[\w+.-]+@mail\.firm\.example/.exec(forward!.headers.get('reply-to')!)![0],
      };
      await comesBack(firm, letter({ ...answer, subject: `Re: ${forward!.subject}`, text: 'Tuesday at ten?' }));
      return;
    }
    case 'imap':
      imap.append(letter({ from: email, to: 'ben@ostara.example', text: 'Call me.', headers: references }));
      return comes(firm, 'reply');
    case 'away': {
      const note = { from: email, to: back, subject: 'Out of office', text: `I am out of the office and back on ${RETURNS}.` };
      expect(await comesBack(firm, letter({ ...note, headers: ['Auto-Submitted: auto-replied'] }))).toMatchObject({ kind: 'auto_reply' });
      return;
    }
    case 'bounce':
      expect(await comesBack(firm, dsn({ address: email, to: back, about: [`X-Tendril-Send: ${mail.sendKey}`] }))).toMatchObject({
        kind: 'bounce',
      });
      return;
    case 'book':
      await calendlyTells(firm, booked({ id: 'M', email, starts: '2026-10-28T01:00:00Z', host: 'ben@ostara.example' }));
      return;
    case 'stop':
      imap.append(letter({ from: email, to: 'ben@ostara.example', text: 'Unsubscribe', headers: references }));
      return comes(firm, 'leave');
  }
}

/** The reps do what an answer has given them to do. */
async function seeTo(firm: Workspace): Promise<void> {
  const { items } = (await (await firm.get('/v1/tasks?state=open')).json()) as { items: { id: string; outcomes: string[] }[] };
  for (const { id, outcomes } of items) expect(await firm.post(`/v1/tasks/${id}/done`, { outcome: outcomes[0] })).toHaveStatus(200);
}

/** Ben's mailbox is read by its loop. */
async function comes(firm: Workspace, kind: string): Promise<void> {
  const { rows } = await firm.pool.query<{ repId: string }>('select rep_id as "repId" from rep_mailbox');
  firm.poke({ kind: 'mailbox', repId: rows[0]!.repId });
  await vi.waitFor(
    async () =>
      expect((await firm.pool.query('select from inbound_mail where kind = $1 and channel = $2', [kind, 'mailbox'])).rowCount).toBe(1),
    {
      timeout: 20_000,
      interval: 30,
    },
  );
}
