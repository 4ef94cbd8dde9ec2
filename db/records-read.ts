import { TendrilError } from '../domain/errors.ts';
import type { RecordKind } from '../domain/records/record.ts';
import { cutPage, type Place } from './keyset.ts';
import { iso } from './leads-read.ts';
import type { Queryable } from './pool.ts';

/** A record as it is read. */
export interface StoredRecord {
  id: string;
  kind: RecordKind;
  externalId: string;
  account: { id: string; name: string | null; domain: string | null } | null;
  lead: { id: string; email: string | null } | null;
  products: string[];
  amount: number | null;
  currency: string | null;
  status: string;
  dates: Record<string, string>;
  attributes: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

const SELECT = `select r.id, r.kind, r.external_id as "externalId", r.products, r.amount::float8 as amount, r.currency, r.status, r.dates, r.attributes,
       ${iso('r.created_at')} as "createdAt", ${iso('r.updated_at')} as "updatedAt",
       case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name, 'domain', a.domain) end as account,
       case when l.id is not null then jsonb_build_object('id', l.id, 'email', l.email) end as lead`;
const FROM = 'from record r left join account a on a.id = r.account_id left join lead l on l.id = r.lead_id';

/** One record. Throws `not_found`. */
export async function requireRecord(tx: Queryable, kind: RecordKind, externalId: string): Promise<StoredRecord> {
  const { rows } = await tx.query<StoredRecord>(`${SELECT} ${FROM} where r.kind = $1 and r.external_id = $2`, [kind, externalId]);
  if (!rows[0]) throw new TendrilError('not_found', `There is no ${kind} of this number`);
  return rows[0];
}

/** Records, the last changed first, one page from a place on. */
export async function listRecords(
  tx: Queryable,
  { kind, status, accountId }: { kind?: RecordKind | undefined; status?: string | undefined; accountId?: string | undefined },
  limit: number,
  from: Place | null,
) {
  const { rows } = await tx.query<StoredRecord & { place: Place }>(
    `${SELECT}, jsonb_build_object('at', r.updated_at::text, 'id', r.id) as place ${FROM}
      where ($1::text is null or r.kind = $1) and ($2::text is null or r.status = $2) and ($3::uuid is null or r.account_id = $3)
        and ($4::timestamptz is null or (r.updated_at, r.id) < ($4::timestamptz, $5::uuid))
      order by r.updated_at desc, r.id desc limit $6`,
    [kind ?? null, status ?? null, accountId ?? null, from?.at ?? null, from?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}
