import { ImapFlow } from 'imapflow';

/** Where a mailbox is, and who may read it. */
export interface MailboxSettings {
  host: string;
  port: number;
  secure: boolean;
  /** Without TLS only to this machine, or where the settings say so. */
  plain: boolean;
  auth: { user: string; pass: string };
  folder: string;
  /** user@host/folder: names it, without the password. */
  key: string;
}

/** A mailbox by its parts, as somebody has set it up. */
export function mailboxOf(given: {
  key: string;
  host: string;
  port: number;
  tls: 'tls' | 'starttls' | 'none';
  username: string;
  password: string;
  folder: string;
}): MailboxSettings {
  const { key, host, port, tls, username: user, password: pass, folder } = given;
  return { key, host, port, secure: tls === 'tls', plain: tls === 'none', auth: { user, pass }, folder };
}

/** imaps://user:password@host:993/INBOX, or imap:// for STARTTLS; `?requireTls=off` for a server that has none. Throws, without the password, when it is not one. */
export function mailboxSettings(text: string): MailboxSettings {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['imap:', 'imaps:'].includes(url.protocol) || !url.hostname || !url.username) {
    throw new Error('IMAP_URL is not like imaps://user:password@host/INBOX');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'imaps:';
  const here = ['localhost', '127.0.0.1', '::1'].includes(host);
  const folder = decodeURIComponent(url.pathname.slice(1)) || 'INBOX';
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  const plain = !secure && (here || url.searchParams.get('requireTls') === 'off');
  return { host, port: Number(url.port) || (secure ? 993 : 143), secure, plain, auth, folder, key: `${auth.user}@${host}/${folder}` };
}

/** How far a mailbox has been read. UIDs count within a UIDVALIDITY. */
export interface MailboxPlace {
  uidValidity: string | null;
  lastUid: number;
  /** When it was last read to its end, real time; null: never. */
  readAt: Date | null;
}

export interface MailInBox {
  uidValidity: string;
  uid: number;
  raw: Buffer;
}

/** How mails are handed over, one when the one before is done. */
export interface Reading {
  /** Mails one look hands over or glances at. */
  most: number;
  /** Bytes of each. */
  limit: number;
  take(mail: MailInBox): Promise<void>;
  /** Where the mailbox is somebody's own: whether a mail is for us, by its headers alone. Of the others nothing else is fetched, and `pass` hears of them. */
  glance?: (head: Buffer) => Promise<boolean>;
  pass?: (place: Omit<MailInBox, 'raw'>) => Promise<void>;
}

/** What a glance sees of a mail. */
const GLANCED = ['from', 'in-reply-to', 'references', 'content-type', 'x-tendril-send'];

const PATIENCE_MS = 30_000;
/** A mailbox whose UIDs were given anew is read again from so long before the last look: what has come before has no effect again. */
const BACK_MS = 2 * 86_400_000;

/**
 * Hands over what has come into a mailbox since `place`, oldest first, at most `most` mails and of each at most `limit` bytes, each when the one before
 * is done. Only looks: nothing is marked, moved or deleted. A mailbox never read before is read from today on. Answers whether there is more. Throws where
 * the server cannot be reached or refuses.
 */
export async function readMailbox(
  settings: MailboxSettings,
  place: MailboxPlace,
  { most, limit, take, glance, pass }: Reading,
): Promise<{ uidValidity: string; more: boolean }> {
  return opened(settings, async (client, uidValidity) => {
    const uids = await newUids(client, { ...place, uidValidity: place.uidValidity === uidValidity ? uidValidity : null });
    const next = uids.slice(0, most);
    const heads = glance && next.length > 0 ? await headsOf(client, next) : null;
    for (const uid of next) {
      const head = heads?.get(uid);
      if (heads && !(head && (await glance!(head)))) {
        await pass?.({ uidValidity, uid });
        continue;
      }
      const mail = await client.fetchOne(String(uid), { source: { start: 0, maxLength: limit } }, { uid: true });
      // Moved away by somebody meanwhile.
      if (mail && mail.source) await take({ uidValidity, uid, raw: mail.source });
    }
    return { uidValidity, more: uids.length > most };
  });
}

/** How many mails lie in a mailbox: it can be read. Throws where the server cannot be reached or refuses. */
export async function tryMailbox(settings: MailboxSettings): Promise<number> {
  return opened(settings, (client) => Promise.resolve(client.mailbox ? client.mailbox.exists : 0));
}

async function opened<T>(settings: MailboxSettings, work: (client: ImapFlow, uidValidity: string) => Promise<T>): Promise<T> {
  const { host, port, secure, plain, auth, folder } = settings;
  const client = new ImapFlow({
    host,
    port,
    secure,
    ...(!secure && { doSTARTTLS: !plain }),
    auth,
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  // A connection that breaks later is told by whatever is asked of it next.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const box = await client.mailboxOpen(folder, { readOnly: true });
    return await work(client, String(box.uidValidity));
  } finally {
    if (client.usable) await client.logout().catch(() => undefined);
    client.close();
  }
}

/** Headers that a glance needs, by UID. */
async function headsOf(client: ImapFlow, uids: readonly number[]): Promise<Map<number, Buffer>> {
  const all = await client.fetchAll(uids.join(','), { headers: GLANCED }, { uid: true });
  return new Map(all.flatMap(({ uid, headers }) => (headers ? [[uid, headers]] : [])));
}

async function newUids(client: ImapFlow, { uidValidity, lastUid, readAt }: MailboxPlace): Promise<number[]> {
  const since = new Date((readAt?.getTime() ?? Date.now()) - (readAt ? BACK_MS : 0));
  const found =
    uidValidity === null ? await client.search({ since }, { uid: true }) : await client.search({ uid: `${lastUid + 1}:*` }, { uid: true });
  // `9:*` is the newest mail even where that is the eighth.
  return (found || []).filter((uid) => uidValidity === null || uid > lastUid).toSorted((a, b) => a - b);
}
