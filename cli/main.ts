import { type CommandDef, defineCommand, runMain, showUsage } from 'citty';

/** Handed over before anything is installed, by cli/tendril.mjs; here it is only told of. */
const up = defineCommand({
  meta: { name: 'up', description: 'Start everything on this machine (the same as npm start; --empty for a workspace without the demo)' },
});

const tendril = defineCommand({
  meta: { name: 'tendril', version: '0.1.0', description: 'Marketing automation and lead nurturing for B2B teams' },
  // Loaded when asked for: a command starts no slower for what the others need.
  subCommands: {
    up,
    doctor: async () => (await import('./commands/doctor.ts')).doctor,
    deliverability: async () => (await import('./commands/deliverability.ts')).deliverability,
    lead: async () => (await import('./commands/lead.ts')).lead,
    routing: async () => (await import('./commands/routing.ts')).routing,
    push: async () => (await import('./commands/push.ts')).push,
    pull: async () => (await import('./commands/pull.ts')).pull,
    diff: async () => (await import('./commands/diff.ts')).diff,
    types: async () => (await import('./commands/types.ts')).types,
    'why-not': async () => (await import('./commands/why-not.ts')).whyNot,
    campaign: async () => (await import('./commands/campaign.ts')).campaign,
    sequence: async () => (await import('./commands/sequence.ts')).sequence,
    template: async () => (await import('./commands/template.ts')).template,
    workspace: async () => (await import('./commands/workspace.ts')).workspace,
    clock: async () => (await import('./commands/clock.ts')).clock,
    rep: async () => (await import('./commands/rep.ts')).rep,
    pools: async () => (await import('./commands/pools.ts')).pools,
    sending: async () => (await import('./commands/sending.ts')).sending,
    alerts: async () => (await import('./commands/alerts.ts')).alerts,
    figures: async () => (await import('./commands/figures.ts')).figures,
    calls: async () => (await import('./commands/calls.ts')).calls,
    webhook: async () => (await import('./commands/webhook.ts')).webhook,
    keys: async () => (await import('./commands/keys.ts')).keys,
    suppressions: async () => (await import('./commands/suppressions.ts')).suppressions,
    outbox: async () => (await import('./commands/outbox.ts')).outbox,
  },
}) as CommandDef;

const rawArgs = process.argv.slice(2);
if (rawArgs.length === 0 || rawArgs[0] === 'help') await showUsage(tendril);
else await runMain(tendril, { rawArgs });
