import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { Pool } from 'pg';

export interface OpenSchemaEngine {
  engine: SchemaEngine;
  close(): Promise<void>;
}

/**
 * Prisma's schema engine as WebAssembly over our own Postgres driver: the native one would have to be downloaded.
 * Errors of the engine come out as Prisma words them.
 */
export async function openSchemaEngine(connectionString: string): Promise<OpenSchemaEngine> {
  const pool = new Pool({ connectionString, max: 2, application_name: 'tendril-migrate' });
  const { SchemaEngine } = await wasmOnce();
  const adapter = bindMigrationAwareSqlAdapterFactory(scriptsWhole(new PrismaPg(pool)));
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']] },
    () => {},
    adapter,
  );
  return {
    engine,
    async close() {
      engine.free();
      await pool.end();
    },
  };
}

/** The engine writes down a migration as begun, runs it, and writes down that it finished; here the last two are one. */
const FINISHED = `
;do $$ begin
  if to_regclass('_prisma_migrations') is not null then
    update _prisma_migrations set finished_at = now() where finished_at is null and rolled_back_at is null;
  end if;
end $$`;

/**
 * The adapter splits a script at every semicolon, those in comments and function bodies too. Sent whole it is what was written,
 * and one transaction besides: a migration that fails or is cut short leaves nothing behind.
 */
function scriptsWhole(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script + FINISHED);
    };
    return adapter;
  };
  return factory;
}

interface Background {
  SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: Record<string, unknown>): void;
}

/** What we use of WebAssembly; the types of Node leave it out. */
interface Assembly {
  instantiate(bytes: Uint8Array, imports: Record<string, unknown>): Promise<{ instance: { exports: Record<string, unknown> } }>;
}

let loaded: Promise<Background> | undefined;

/** Once a process: the glue keeps one instance in a variable of its own, and a second would take the ground from under the first. */
function wasmOnce(): Promise<Background> {
  return (loaded ??= loadWasm());
}

/** The typed entry point imports the .wasm file as a module, which Node does not do unasked; so the same wiring by hand. */
async function loadWasm(): Promise<Background> {
  const background = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as Background;
  const besides = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = await readFile(join(dirname(besides), 'schema_engine_bg.wasm'));
  const { WebAssembly } = globalThis as unknown as { WebAssembly: Assembly };
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': background });
  background.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return background;
}
