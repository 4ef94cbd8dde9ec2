import { type Family, familyOf } from '../domain/deliverability/providers.ts';
import type { Queryable } from './pool.ts';

/**
 * The families of these recipients' domains; those of nobody's are not in it. With `lookUp` a company's own domain has that of its mail hosts, as
 * soon as they are known: asking for it here has them looked up.
 */
export async function familiesOf(tx: Queryable, domains: readonly string[], lookUp: boolean): Promise<Map<string, Family>> {
  const found = new Map<string, Family>();
  const own: string[] = [];
  for (const domain of new Set(domains)) {
    const family = familyOf(domain);
    if (family) found.set(domain, family);
    else own.push(domain);
  }
  if (!lookUp || own.length === 0) return found;
  const { rows } = await tx.query<{ domain: string; family: Family | null }>(
    'select domain, family from mail_host where domain = any($1)',
    [own],
  );
  for (const { domain, family } of rows) if (family) found.set(domain, family);
  const known = new Set(rows.map((row) => row.domain));
  const unknown = own.filter((domain) => !known.has(domain)).toSorted();
  if (unknown.length > 0)
    await tx.query('insert into mail_host (domain) select domain from unnest($1::text[]) as d (domain) on conflict do nothing', [unknown]);
  return found;
}

/** How long what was looked up holds. */
const HOLDS = '7 days';

/** Domains whose mail hosts nobody has looked up yet, or not for long. */
export async function unknownHosts(tx: Queryable, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ domain: string }>(
    `select domain from mail_host where looked_up_real is null or looked_up_real < now() - interval '${HOLDS}' order by looked_up_real nulls first limit $1`,
    [limit],
  );
  return rows.map((row) => row.domain);
}

/** Notes what was found; a domain whose name server did not answer keeps what was known of it (`failed`), and is asked again after as long. */
export async function noteHosts(
  tx: Queryable,
  found: readonly { domain: string; family: Family | null; failed: boolean }[],
): Promise<void> {
  if (found.length === 0) return;
  const sorted = found.toSorted((a, b) => (a.domain < b.domain ? -1 : 1));
  await tx.query(
    `update mail_host m set family = case when n.failed then m.family else n.family end, looked_up_real = now()
       from unnest($1::text[], $2::text[], $3::boolean[]) as n (domain, family, failed) where m.domain = n.domain`,
    [sorted.map((one) => one.domain), sorted.map((one) => one.family), sorted.map((one) => one.failed)],
  );
}
