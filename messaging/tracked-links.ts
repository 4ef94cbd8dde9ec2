import { createLinkTokens, linkCode, TRAP } from './link-tokens.ts';

/** A link as an author wrote it. */
export interface AuthorsLink {
  code: string;
  /** The link's name, else its address. */
  name: string;
  url: string;
}

/** What one mail is tracked by. */
export interface MailMarks {
  /** The short address of a link; null where there are so many different ones that they had better carry themselves. */
  click(name: string, url: string, position: number): string | null;
  /** Address of the picture that nobody sees. */
  picture: string;
  /** Address of the link that nobody sees: who follows it is a machine. Null where mails have none. */
  trap: string | null;
}

export type TrackedLinks = ReturnType<typeof createTrackedLinks>;

/** Different links that a process remembers; authors write tens. */
const MOST = 10_000;

/**
 * Short addresses for the links of mails. A link is stored once, however many mails it stands in; `keep` has it stored before the first of
 * them departs, so that no mail ever has a link that leads nowhere.
 */
export function createTrackedLinks({
  secret,
  publicUrl,
  hiddenLink = false,
  store,
}: {
  secret: string;
  publicUrl: string;
  /** Whether mails have a link that nobody sees. It tells scanners apart, and some filters hold it against the mail. */
  hiddenLink?: boolean;
  /** Stores what is not there yet; any number at once. */
  store(links: readonly AuthorsLink[]): Promise<unknown>;
}) {
  const tokens = createLinkTokens(secret);
  const codes = new Map<string, string>();
  const unstored = new Map<string, AuthorsLink>();

  function codeOf(name: string, url: string): string | null {
    const key = `${name}\0${url}`;
    const known = codes.get(key);
    if (known !== undefined) return known;
    if (codes.size >= MOST) return null;
    const code = linkCode(name, url);
    codes.set(key, code);
    unstored.set(code, { code, name, url });
    return code;
  }

  return {
    ofMail(sendId: string): MailMarks {
      const mail = tokens.ofMail(sendId);
      return {
        click(name, url, position) {
          const code = codeOf(name, url);
          return code === null ? null : `${publicUrl}/c/${mail.click(code, position)}`;
        },
        get picture() {
          return `${publicUrl}/i/${mail.open()}.gif`;
        },
        get trap() {
          return hiddenLink ? `${publicUrl}/c/${mail.click(TRAP, Infinity)}` : null;
        },
      };
    },

    /** Resolves when every link handed out so far is stored. A round trip only when there is a new one. */
    async keep(): Promise<void> {
      const links = [...unstored.values()];
      if (links.length === 0) return;
      await store(links);
      for (const { code } of links) unstored.delete(code);
    },
  };
}
