import type { Queryable } from './pool.ts';

/** Remembers links that authors wrote; those that are known stay as they are. */
export async function storeLinks(tx: Queryable, links: readonly { code: string; name: string; url: string }[]): Promise<void> {
  const sorted = links.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  await tx.query(
    'insert into link (code, name, url) select * from unnest($1::text[], $2::text[], $3::text[]) as l (code, name, url) on conflict do nothing',
    [sorted.map(({ code }) => code), sorted.map(({ name }) => name), sorted.map(({ url }) => url)],
  );
}

/** A link by its code: its name (else its address) and where it leads. Null when there is none. */
export async function readLink(tx: Queryable, code: string): Promise<{ name: string; url: string } | null> {
  const { rows } = await tx.query<{ name: string; url: string }>('select name, url from link where code = $1', [code]);
  return rows[0] ?? null;
}
