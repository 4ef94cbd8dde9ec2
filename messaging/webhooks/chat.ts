import type { PostWebhook } from './post.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Incoming webhooks by the name of their channel, as CHAT_WEBHOOKS writes them: `sales=https://…, partners=https://…`. Throws, naming the channel, never its address. */
export function parseChannels(written: string): Map<string, string> {
  const entries = written.split(',').filter((entry) => entry.trim() !== '');
  return new Map(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      const name = entry.slice(0, at).trim();
      const url = entry.slice(at + 1).trim();
      if (at < 1 || !NAME.test(name) || !/^https?:\/\/\S+$/.test(url) || !URL.canParse(url))
        throw new Error(`CHAT_WEBHOOKS: the entry of '${name}' is not name=https://…`);
      return [name, url];
    }),
  );
}

/** Sends what is for `chat://<channel>` to the channel's address, and everything else as before. */
export function withChannels(post: PostWebhook, channels: ReadonlyMap<string, string>): PostWebhook {
  return async function postOrSay(call) {
    const channel = /^chat:\/\/([^/]+)$/.exec(call.url)?.[1];
    if (channel === undefined) return post(call);
    const url = channels.get(channel);
    if (url) return post({ ...call, url });
    return { as: 'failed', status: null, excerpt: null, reason: `there is no chat channel '${channel}': name it in CHAT_WEBHOOKS` };
  };
}
