import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createPool } from '../../db/pool.ts';

// What a form endpoint would be if it kept nothing but what came: the JSON is parsed and one row is inserted. As many connections as ours.
const { DATABASE_URL, PORT } = process.env as Record<string, string>;
const pool = createPool({ connectionString: DATABASE_URL!, max: 10, transactionTimeoutMs: 15_000, applicationName: 'bare' });
const app = new Hono();

app.post('/f', async (c) => {
  const body = await c.req.json<{ email: string }>();
  await pool.query({ name: 'bare', text: 'insert into bare_form (email, body) values ($1, $2)', values: [body.email, body] });
  return c.json({ ok: true }, 202);
});
app.get('/readyz', (c) => c.text('ok'));

const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' });
process.once('SIGTERM', () => server.close(() => process.exit(0)));
