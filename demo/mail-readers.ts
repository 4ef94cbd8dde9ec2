/** A request to the API: GET without a body; a form's fields go as a browser sends them. */
export type Call = (path: string, body?: object) => Promise<Response>;

interface Mail {
  id: string;
  to: string;
  html: string | null;
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

  /** Whoever has accepted a lead rings it up some seconds later. */
  async function ringUp(): Promise<void> {
    const { items } = (await (await call('/v1/opportunities?state=accepted')).json()) as { items: { id: string }[] };
    for (const { id } of items) if (Math.random() < 0.2) await call(`/v1/opportunities/${id}/touch`, {});
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

/** A number from 0 to 1 that is always the same for the same mail. */
function chance(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(-6), 16) / 0xffffff;
}
