import { createTransport, type Transporter } from 'nodemailer';
import type { Pool } from 'pg';
import type { Templates } from '../../messaging/templates.ts';

export type BaselineActivities = ReturnType<typeof createBaselineActivities>;

interface Mail {
  leadId: string;
  step: string;
  template: string;
}

/**
 * What an engineer would write first: read the lead, render, note the mail, send it with a pooled transport, note that it went.
 * Without `smtpUrl` the message is composed and let go.
 */
export function createBaselineActivities({ pool, templates, smtpUrl }: { pool: Pool; templates: Templates; smtpUrl: string | undefined }) {
  const transport: Transporter = smtpUrl
    ? createTransport({ pool: true, maxConnections: 20, maxMessages: Infinity, ...hostOf(smtpUrl), ignoreTLS: true })
    : createTransport({ streamTransport: true, buffer: true });

  return {
    async sendMail({ leadId, step, template }: Mail): Promise<void> {
      const { rows } = await pool.query<{ email: string; first_name: string }>('select email, first_name from lead where id = $1', [
        leadId,
      ]);
      const lead = rows[0]!;
      const view = { lead, workspace: { name: 'Bench', postalAddress: 'Bench' }, unsubscribeUrl: 'http://bench.example/u', params: {} };
      const mail = templates.render(template, view, (_, url) => url);
      const key = `${leadId}/${step}`;
      const queued = await pool.query(`insert into baseline_send (key, state) values ($1, 'sending') on conflict do nothing`, [key]);
      if (queued.rowCount === 1) await transport.sendMail({ from: 'bench@firm.example', to: lead.email, ...mail });
      await pool.query(`update baseline_send set state = 'accepted' where key = $1`, [key]);
      await pool.query('insert into baseline_journal (lead_id, step, because) values ($1, $2, $3)', [leadId, step, { template }]);
    },

    async hasClicked({ leadId, step }: { leadId: string; step: string }): Promise<boolean> {
      const { rows } = await pool.query<{ n: number }>(
        `select count(*)::int as n from event where lead_id = $1 and name = 'email_clicked' and properties ->> 'step' = $2`,
        [leadId, step],
      );
      await pool.query('insert into baseline_journal (lead_id, step, because) values ($1, $2, $3)', [
        leadId,
        'engaged',
        { clicks: rows[0]!.n },
      ]);
      return rows[0]!.n > 0;
    },
  };
}

function hostOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
