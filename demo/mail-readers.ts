/** A request to the API: GET without a body, else POST unless told; a form's fields go as a browser sends them. */
export type Call = (path: string, body?: object, method?: 'PATCH') => Promise<Response>;

interface Mail {
  id: string;
  to: string;
  html: string | null;
}

const DAY = 86_400_000;
/** Of demo/pipeline.yaml: where a sale may stand after the first talk. */
const STAGES = ['qualification', 'site_visit', 'quoted', 'negotiation'];
interface Opportunity {
  id: string;
  createdAt: string;
  amount: number | null;
}

/** The rep who lets the first offer lie until it is taken away. */
const SLOW_REP = /^matteo/;

/** What the people behind the demo's mailboxes do: leads click now and then, reps accept, some reject, one is slow at first. */
export function createMailReaders({ call }: { call: Call }) {
  const seen = new Set<string>();
  const ignored = new Set<string>();

  const links = (html: string, part: string): string[] =>
    [...html.matchAll(/href="([^"]+)"/g)].map((found) => found[1]!.replaceAll('&amp;', '&')).filter((href) => href.includes(part));

  async function read({ id, to, html }: Mail): Promise<void> {
    const offers = links(html ?? '', '/o/');
    if (offers.length > 0) await answer(id, to, offers);
    else if (chance(id) < 0.45) {
      const [first] = links(html ?? '', '/c/');
      if (first) await call(new URL(first).pathname);
    }
  }

  async function answer(id: string, to: string, [accept, reject]: string[]): Promise<void> {
    if (SLOW_REP.test(to) && !ignored.has(to)) {
      ignored.add(to);
      return;
    }
    if (chance(id) < 0.15 && reject) await post(reject, { reason: 'not_now' });
    else if (chance(id) < 0.85 && accept) await post(accept, {});
  }

  const post = (link: string, fields: Record<string, string>): Promise<Response> =>
    call(new URL(link).pathname, new URLSearchParams(fields));

  const withSales = async (state: string): Promise<Opportunity[]> =>
    ((await (await call(`/v1/opportunities?state=${state}`)).json()) as { items: Opportunity[] }).items;

  /** Whoever has accepted a lead rings it up some seconds later, and then knows how much it may become, and when. */
  async function ringUp(): Promise<void> {
    for (const { id } of await withSales('accepted')) if (Math.random() < 0.2) await call(`/v1/opportunities/${id}/touch`, {});
    for (const { id, createdAt, amount } of await withSales('touched')) {
      if (amount !== null) continue;
      const likely = chance(id);
      const expectedClose = new Date(Date.parse(createdAt) + (20 + likely * 100) * DAY).toISOString().slice(0, 10);
      const deal = {
        stage: STAGES[Math.floor(likely * STAGES.length)],
        amount: 4_000 + Math.round(likely * 860) * 100,
        currency: 'EUR',
        expectedClose,
      };
      await call(`/v1/opportunities/${id}`, deal, 'PATCH');
    }
  }

  return {
    /** Reads what has come into the mailboxes since the last look. */
    async look(): Promise<void> {
      const { items } = (await (await call('/v1/outbox?limit=30')).json()) as { items: { id: string }[] };
      for (const { id } of items.filter((one) => !seen.has(one.id))) {
        seen.add(id);
        await read((await (await call(`/v1/outbox/${id}`)).json()) as Mail);
      }
      await ringUp();
    },
  };
}

/** A number from 0 to below 1 that is always the same for the same mail. */
function chance(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(-6), 16) / 0x1000000;
}
