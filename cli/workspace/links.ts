export interface WrittenLink {
  url: string;
  file: string;
  line: number;
}
/** A link that leads nowhere, and how that showed. */
export interface FollowedLink extends WrittenLink {
  why: string;
}

const PATIENCE = 15_000;
const AT_ONCE = 5;

/** Follows each address once, a few at a time. Answers those links that nobody could follow. */
export async function followLinks(links: readonly WrittenLink[]): Promise<FollowedLink[]> {
  const urls = [...new Set(links.map(({ url }) => url))];
  const why = new Map<string, string>();
  const next = urls.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const url of next) {
        const fault = await faultOf(url);
        if (fault !== null) why.set(url, fault);
      }
    }),
  );
  return links.flatMap((link) => (why.has(link.url) ? [{ ...link, why: why.get(link.url)! }] : []));
}

/** Some servers refuse HEAD; they are asked again as a reader's browser asks. Those that want to know who asks are there. */
async function faultOf(url: string): Promise<string | null> {
  for (const method of ['HEAD', 'GET']) {
    try {
      const { status, body } = await fetch(url, { method, redirect: 'follow', signal: AbortSignal.timeout(PATIENCE) });
      await body?.cancel();
      if (status < 400 || [401, 403, 429].includes(status)) return null;
      if (method === 'GET') return `answers ${status}`;
    } catch (error) {
      if (method === 'GET') return (error as Error).name === 'TimeoutError' ? 'does not answer in time' : 'cannot be reached';
    }
  }
  return null;
}
