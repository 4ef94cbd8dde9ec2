import type { Queryable } from './pool.ts';

interface Column {
  table: string;
  name: string;
  type: string;
  array: boolean;
  nullable: boolean;
  defaulted: boolean;
  identity: boolean;
}
interface Key {
  table: string;
  primary: boolean;
  columns: string[];
}
interface Reference {
  table: string;
  column: string;
  target: string;
  targetColumn: string;
}

const HEADER = `// The client's view of the schema, written by \`npm run models\` from the migrated database; prisma/migrations is what counts.

generator client {
  provider            = "prisma-client"
  output              = "../db/generated"
  runtime             = "nodejs"
  moduleFormat        = "esm"
  importFileExtension = "ts"
  engineType          = "client"
}

datasource db {
  provider = "postgresql"
}
`;

const TYPES: Record<string, string> = {
  uuid: 'String @db.Uuid',
  text: 'String',
  bool: 'Boolean',
  int2: 'Int @db.SmallInt',
  int4: 'Int',
  int8: 'BigInt',
  float8: 'Float',
  numeric: 'Decimal',
  jsonb: 'Json',
  bytea: 'Bytes',
  timestamptz: 'DateTime @db.Timestamptz(6)',
  date: 'DateTime @db.Date',
};

/**
 * The text of prisma/schema.prisma for the database as it is: a model for each table with its columns, keys and references, in
 * camel case. Indexes and checks are left to the migrations; partitions are part of their parent.
 */
export async function modelsOf(tx: Queryable): Promise<string> {
  const [columns, keys, references] = [await columnsOf(tx), await keysOf(tx), await referencesOf(tx)];
  const models = [...new Set(columns.map((column) => column.table))].map((table) => model(table, columns, keys, references));
  return [HEADER, ...models].join('\n');
}

function model(table: string, allColumns: Column[], allKeys: Key[], references: Reference[]): string {
  const columns = allColumns.filter((column) => column.table === table);
  const keys = allKeys.filter((key) => key.table === table);
  const alone = (key: Key, name: string) => key.columns.length === 1 && key.columns[0] === name;
  const lines = columns.map((column) => {
    const [type, native] = (TYPES[column.type] ?? unknownType(column)).split(' ');
    const parts = [camel(column.name), `${type}${column.array ? '[]' : column.nullable ? '?' : ''}`];
    const key = keys.find((candidate) => alone(candidate, column.name));
    if (key) parts.push(key.primary ? '@id' : '@unique');
    if (column.identity) parts.push('@default(autoincrement())');
    else if (column.defaulted) parts.push('@default(dbgenerated())');
    if (camel(column.name) !== column.name) parts.push(`@map("${column.name}")`);
    if (native) parts.push(native);
    return parts.join(' ');
  });
  for (const { column, target, targetColumn } of references.filter((reference) => reference.table === table)) {
    const optional = columns.some((own) => own.name === column && own.nullable) ? '?' : '';
    lines.push(
      `${camel(relationOf(column))} ${pascal(target)}${optional} @relation("${table}_${column}", fields: [${camel(column)}], references: [${camel(targetColumn)}])`,
    );
  }
  for (const { table: child, column } of references.filter((reference) => reference.target === table)) {
    const single = allKeys.some((key) => key.table === child && alone(key, column));
    const role = relationOf(column) === table ? '' : `As${pascal(relationOf(column))}`;
    lines.push(
      `${single ? camel(child) : plural(camel(child))}${role} ${pascal(child)}${single ? '?' : '[]'} @relation("${child}_${column}")`,
    );
  }
  lines.push('');
  for (const key of keys.filter((candidate) => candidate.columns.length > 1)) {
    lines.push(`@@${key.primary ? 'id' : 'unique'}([${key.columns.map(camel).join(', ')}])`);
  }
  // What has no key is written and read by our own SQL alone.
  if (keys.length === 0) lines.push('@@ignore');
  lines.push(`@@map("${table}")`);
  return `model ${pascal(table)} {\n${lines.map((line) => (line ? `  ${line}\n` : '\n')).join('')}}\n`;
}

async function columnsOf(tx: Queryable): Promise<Column[]> {
  const { rows } = await tx.query<Column>(
    `select c.relname as table, a.attname as name, coalesce(e.typname, t.typname) as type, e.typname is not null as array,
            not a.attnotnull as nullable, a.atthasdef as defaulted, a.attidentity <> '' as identity
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_type t on t.oid = a.atttypid
       left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '_prisma_migrations'
      order by c.relname, a.attnum`,
  );
  return rows;
}

async function keysOf(tx: Queryable): Promise<Key[]> {
  const { rows } = await tx.query<Key>(
    `select c.relname as table, x.contype = 'p' as primary,
            array(select a.attname::text from unnest(x.conkey) with ordinality as k (attnum, n)
                    join pg_attribute a on a.attrelid = x.conrelid and a.attnum = k.attnum order by k.n) as columns
       from pg_constraint x join pg_class c on c.oid = x.conrelid
      where x.connamespace = 'public'::regnamespace and x.contype in ('p', 'u') and not c.relispartition
      order by c.relname, x.contype, x.conname`,
  );
  return rows;
}

/** References of one column; we have no others. */
async function referencesOf(tx: Queryable): Promise<Reference[]> {
  const { rows } = await tx.query<Reference>(
    `select c.relname as table, a.attname as column, t.relname as target, b.attname as "targetColumn"
       from pg_constraint x
       join pg_class c on c.oid = x.conrelid and not c.relispartition
       join pg_class t on t.oid = x.confrelid
       join pg_attribute a on a.attrelid = x.conrelid and a.attnum = x.conkey[1]
       join pg_attribute b on b.attrelid = x.confrelid and b.attnum = x.confkey[1]
      where x.connamespace = 'public'::regnamespace and x.contype = 'f' and x.conparentid = 0
      order by c.relname, a.attnum`,
  );
  return rows;
}

function unknownType(column: Column): never {
  throw new Error(`db/models.ts does not know the type ${column.type} of ${column.table}.${column.name} yet`);
}

const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string) => camel(`_${name}`);
const plural = (name: string) => (name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`);
/** The relation behind a column: `owner_rep_id` is `owner_rep`; `send.lane`, which is the key itself, `lane_of`. */
const relationOf = (column: string) => (column.endsWith('_id') ? column.slice(0, -3) : `${column}_of`);
