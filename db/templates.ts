import type { Queryable } from './pool.ts';

export interface StoredTemplates {
  /** Changes with every template, layout or block that is stored. */
  stamp: string;
  files: { path: string; source: string }[];
}

const STAMP = `(select concat_ws('/', count(*), sum(version), max(created_at)) from document where kind in ('template', 'layout', 'block'))`;

/** Which templates are in force, as a word that changes when they do: for asking often. */
export async function templateStamp(tx: Queryable): Promise<string> {
  const { rows } = await tx.query<{ stamp: string }>(`select ${STAMP} as stamp`);
  return rows[0]!.stamp;
}

/** The newest version of every mail, layout and block of the workspace's own, under its path below templates/. */
export async function storedTemplates(tx: Queryable): Promise<StoredTemplates> {
  const { rows } = await tx.query<StoredTemplates>(
    `select ${STAMP} as stamp, coalesce((
       select json_agg(json_build_object('path', case kind when 'layout' then 'layout/' when 'block' then 'blocks/' else '' end || key || '.mjml',
                                         'source', body #>> '{}') order by kind, key)
         from (select distinct on (kind, key) kind, key, body from document where kind in ('template', 'layout', 'block')
                order by kind, key, version desc) d), '[]') as files`,
  );
  return rows[0]!;
}
