/**
 * A product that sends its events, a process of its own: PER_SECOND calls of /v1/track each second, evenly, each an event of another
 * person and the next campaign, until it is told to end. Says on its last line how many were refused.
 */
const { URL: url, KEY, PER_SECOND, CAMPAIGNS, PEOPLE } = process.env as Record<string, string>;
const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
const begun = performance.now();
let sent = 0;
let refused = 0;
process.once('SIGTERM', () => {
  console.log(JSON.stringify({ sent, refused, seconds: (performance.now() - begun) / 1000 }));
  process.exit(0);
});

setInterval(() => {
  const owed = Math.floor(((performance.now() - begun) / 1000) * Number(PER_SECOND));
  while (sent < owed) {
    const n = sent++;
    const call = { userId: `u${n % Number(PEOPLE)}`, event: `used-${n % Number(CAMPAIGNS)}`, messageId: `m${n}` };
    fetch(`${url}/v1/track`, { method: 'POST', headers, body: JSON.stringify(call) }).then(
      (answer) => void (answer.ok || refused++),
      () => void refused++,
    );
  }
}, 10);
