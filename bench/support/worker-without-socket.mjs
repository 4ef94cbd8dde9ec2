import { createTendril } from '../../dist/runtime/compose.js';
import { readConfig } from '../../dist/runtime/config.js';
import { createLog } from '../../dist/runtime/log.js';
import { shippedTemplates } from '../../dist/runtime/templates.js';
import { composeMessage } from '../../dist/messaging/message.js';

// The worker as production runs it, but for the conversation with a mail server: each message is composed, called accepted, and let go.
const transport = {
  async send(messages) {
    for (const message of messages) composeMessage(message, new Date());
    return messages.map(() => ({ kind: 'accepted', providerId: null }));
  },
  async close() {},
};
const config = readConfig(process.env);
const tendril = createTendril({
  config,
  log: createLog(config.LOG_LEVEL),
  templates: await shippedTemplates(),
  roles: { api: false, worker: true },
  transport,
});
process.once('SIGTERM', () => void tendril.stop().then(() => process.exit(0)));
await tendril.start();
