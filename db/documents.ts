import { checkDocument, type DocumentKind } from '../domain/documents.ts';
import { TendrilError } from '../domain/errors.ts';
import { askGatesAgain } from './held-mail.ts';
import type { Queryable } from './pool.ts';

export interface StoredDocument {
  kind: DocumentKind;
  key: string;
  version: number;
  body: unknown;
}

/** The newest version of one document, or null. */
export async function currentDocument(tx: Queryable, kind: DocumentKind, key = 'default'): Promise<StoredDocument | null> {
  const { rows } = await tx.query<StoredDocument>(
    'select kind, key, version, body from document where kind = $1 and key = $2 order by version desc limit 1',
    [kind, key],
  );
  return rows[0] ?? null;
}

/** The same, for a document nothing can go on without. Throws `not_found`. */
export async function requireDocument(tx: Queryable, kind: DocumentKind, key = 'default'): Promise<StoredDocument> {
  const found = await currentDocument(tx, kind, key);
  if (!found) throw new TendrilError('not_found', `This workspace has no ${kind} document '${key}'`);
  return found;
}

/** The newest version of every document of a kind, by key. */
export async function documentsOf(tx: Queryable, kind: DocumentKind): Promise<StoredDocument[]> {
  const { rows } = await tx.query<StoredDocument>(
    'select distinct on (key) kind, key, version, body from document where kind = $1 order by key, version desc',
    [kind],
  );
  return rows;
}

/**
 * Stores a new version unless the newest already says the same. Answers the version in force. Every lead is woken to be scored
 * anew when it is the scoring document or the standard, and the segments whose members are known are looked through when it is a segment; mails that wait for a limit ask again when it is those; the sweeper pokes. Throws `invalid` for what is no such document.
 */
export async function putDocument(tx: Queryable, kind: DocumentKind, key: string, body: unknown): Promise<number> {
  checkDocument(kind, key, body);
  const { rows } = await tx.query<{ version: number }>(
    `with newest as (select version, body from document where kind = $1 and key = $2 order by version desc limit 1),
     added as (
       insert into document (kind, key, version, body)
       select $1, $2, coalesce((select version from newest), 0) + 1, $3::jsonb
        where not exists (select from newest where body = $3::jsonb)
       returning version),
     rescored as (
       insert into score_wake (lead_id, slot)
       select id, slot from lead where $1 in ('scoring', 'standard') and exists (select from added)),
     reviewed as (
       update kept_segment set due_at = clock(), pass_after = null, again = true, error = null where $1 = 'segment' and exists (select from added))
     select version from added union all select version from newest where not exists (select from added)`,
    [kind, key, JSON.stringify(body)],
  );
  if (kind === 'deliverability') await askGatesAgain(tx);
  return rows[0]!.version;
}
