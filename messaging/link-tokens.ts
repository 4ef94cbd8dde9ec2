import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** What the token of a link in a mail says. */
export interface ClickToken {
  /** Send id. */
  sendId: string;
  /** Names the link (`linkCode`); the trap's is `TRAP`. */
  code: string;
  /** The link's place in the mail, from 0; null where there are too many to say. */
  position: number | null;
}

/** The code of the link that nobody sees. No link has it by its hash. */
export const TRAP = '-----------';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ID_LENGTH = 22;
const SHORT = 11;
const CLICK = new RegExp(`^[\\w-]{${ID_LENGTH + 1 + SHORT + SHORT}}$`);
const OPEN = new RegExp(`^[\\w-]{${ID_LENGTH + SHORT}}$`);
/** The last letter of the alphabet stands for a place that is not known. */
const LAST = ALPHABET.length - 1;

/** Names a link for ever: 11 letters of a hash over its name and address. */
export const linkCode = (name: string, url: string): string => hash('sha256', `${name}\0${url}`, 'base64url').slice(0, SHORT);

export type LinkTokens = ReturnType<typeof createLinkTokens>;

/**
 * Tokens of 45 letters for links and 33 for the picture: the send id, what it is about, and 66 bits that only we can make. The keys come
 * from the secret by HMAC; a token's own bits are one SHA-256 of a key and a text of fixed length, cut short, which nobody can make or lengthen
 * without the key, at a tenth of an HMAC's time: thousands are made a second.
 */
export function createLinkTokens(secret: string) {
  const keyOf = (purpose: string): string => createHmac('sha256', secret).update(`tendril ${purpose}`).digest('base64url');
  const clickKey = keyOf('short link');
  const openKey = keyOf('open');
  const seal = (key: string, text: string): string => hash('sha256', key + text, 'base64url').slice(0, SHORT);

  const opened = (key: string, token: string): string | null => {
    const text = token.slice(0, -SHORT);
    return timingSafeEqual(Buffer.from(token.slice(-SHORT)), Buffer.from(seal(key, text))) ? text : null;
  };

  return {
    /** Tokens of one mail. */
    ofMail(sendId: string) {
      const id = Buffer.from(sendId.replaceAll('-', ''), 'hex').toString('base64url');
      return {
        click(code: string, position: number): string {
          const text = id + ALPHABET[Math.min(position, LAST)] + code;
          return text + seal(clickKey, text);
        },
        open: (): string => id + seal(openKey, id),
      };
    },

    /** What a link's token says; null when it is not ours. */
    readClick(token: string): ClickToken | null {
      const text = CLICK.test(token) ? opened(clickKey, token) : null;
      if (text === null) return null;
      const position = ALPHABET.indexOf(text[ID_LENGTH]!);
      return { sendId: uuidOf(text), code: text.slice(ID_LENGTH + 1), position: position === LAST ? null : position };
    },

    /** The send id in the picture's token; null when it is not ours. */
    readOpen(token: string): string | null {
      const text = OPEN.test(token) ? opened(openKey, token) : null;
      return text === null ? null : uuidOf(text);
    },
  };
}

function uuidOf(text: string): string {
  const hex = Buffer.from(text.slice(0, ID_LENGTH), 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
