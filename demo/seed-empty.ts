import { putDocument } from '../db/documents.ts';
import type { Queryable } from '../db/pool.ts';
import { parseForm } from '../domain/forms/form.ts';

/** What a workspace of one's own begins with: the form `website`, which anybody may send and which starts campaigns. */
export async function seedEmpty(tx: Queryable): Promise<void> {
  const form = parseForm({ key: 'website', name: 'Website', purpose: 'contact', then: 'enrol' });
  await putDocument(tx, 'form', form.key, form);
}
