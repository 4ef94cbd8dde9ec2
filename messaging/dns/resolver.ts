import { Resolver } from 'node:dns/promises';

/** What we ask of the DNS. A name without such records has an empty list; a name server that does not answer is a `DnsTrouble`. */
export interface Dns {
  txt(name: string): Promise<string[]>;
  /** Names of the mail hosts, most preferred first. */
  mx(name: string): Promise<string[]>;
  /** IPv4 and IPv6 addresses. */
  addresses(name: string): Promise<string[]>;
  cname(name: string): Promise<string | null>;
}

/** Nobody knows what the records are: no answer, or a failure of the name server. */
export class DnsTrouble extends Error {
  constructor(name: string, code: string) {
    super(`the name servers of ${name} do not answer (${code})`);
  }
}

const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks the system's name servers, or those given: `host:port, host`. Each question has `timeoutMs` and one more try. */
export function createDns({ servers = '', timeoutMs = 2_000 }: { servers?: string; timeoutMs?: number } = {}): Dns {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  const named = servers.split(/[\s,]+/).filter(Boolean);
  if (named.length > 0) resolver.setServers(named);

  async function ask<T>(name: string, question: () => Promise<T[]>): Promise<T[]> {
    try {
      return await question();
    } catch (error) {
      const { code = 'ESERVFAIL' } = error as { code?: string };
      // A name that cannot be asked for has no records.
      if (NOTHING.has(code) || code === 'EBADNAME' || code === 'ERR_INVALID_ARG_VALUE') return [];
      throw new DnsTrouble(name, code);
    }
  }

  return {
    txt: async (name) => (await ask(name, () => resolver.resolveTxt(name))).map((parts) => parts.join('')),
    mx: async (name) =>
      (await ask(name, () => resolver.resolveMx(name)))
        .toSorted((a, b) => a.priority - b.priority)
        .map((one) => one.exchange.toLowerCase()),
    async addresses(name) {
      const [four, six] = await Promise.all([ask(name, () => resolver.resolve4(name)), ask(name, () => resolver.resolve6(name))]);
      return [...four, ...six];
    },
    cname: async (name) => (await ask(name, () => resolver.resolveCname(name)))[0]?.toLowerCase() ?? null,
  };
}
