import type { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { composeMessage } from '../message.ts';
import { smtpData } from './smtp-data.ts';
import { type SmtpError, smtpOutcome } from './smtp-outcome.ts';
import type { Outcome, OutgoingMessage, Transport } from './transport.ts';

export interface SmtpOptions {
  /**
   * smtp://user:password@host:port, or smtps:// for TLS from the start. `?requireTls=off` for a server that has none,
   * `?answerTimeout=120` (seconds) for one that is slow to answer.
   */
  url: string;
  connections: number;
  /** Signs each message as it leaves (DKIM). */
  sign?: ((raw: Buffer) => Buffer) | undefined;
  /** Real ms: to connect and be greeted, and to wait for any one answer. */
  connectTimeoutMs?: number;
  answerTimeoutMs?: number;
}

/** How long the lane waits after a server did not answer, real ms. */
const SILENCE_PAUSE = 5_000;

interface Due {
  message: OutgoingMessage;
  n: number;
  again?: boolean;
}

/**
 * Sends raw messages over a few kept connections to one relay; a message a connection at a time. Credentials are only given
 * over TLS, unless the relay is this machine.
 */
export function createSmtpTransport({
  url,
  connections,
  sign = (raw) => raw,
  connectTimeoutMs = 10_000,
  answerTimeoutMs = 30_000,
}: SmtpOptions): Transport {
  const relay = new URL(url);
  const secure = relay.protocol === 'smtps:';
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(relay.hostname);
  const auth = relay.username ? { user: decodeURIComponent(relay.username), pass: decodeURIComponent(relay.password) } : null;
  const patience = Number(relay.searchParams.get('answerTimeout') ?? answerTimeoutMs / 1_000) * 1_000;
  const idle: SMTPConnection[] = [];
  const turns = takeTurns(connections);

  function connect(): Promise<SMTPConnection> {
    const connection = new SMTPConnection({
      host: relay.hostname.replace(/^\[|\]$/g, ''),
      port: relay.port ? Number(relay.port) : secure ? 465 : 587,
      secure,
      requireTLS: !secure && !here && relay.searchParams.get('requireTls') !== 'off',
      connectionTimeout: connectTimeoutMs,
      greetingTimeout: connectTimeoutMs,
      socketTimeout: patience,
      socketCloseTimeout: 0,
    });
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        connection.close();
        reject(error);
      };
      connection.on('error', fail);
      connection.on('end', () => drop(connection));
      connection.connect((error) => {
        if (error) return fail(error);
        if (!auth || !connection.allowsAuth) return resolve(connection);
        connection.login(auth, (refused) => (refused ? fail(refused) : resolve(connection)));
      });
    });
  }

  function drop(connection: SMTPConnection): void {
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
  }

  async function deliver(connection: SMTPConnection, message: OutgoingMessage): Promise<Outcome> {
    const raw = sign(composeMessage(message, new Date()));
    // The connection takes the message only when the server has asked for it: until then nothing can have been taken. It is handed over fit
    // for the wire and in one piece: the library's own stream goes through it byte by byte, and writes its end apart.
    let asked = false;
    const body = {
      pipe(wire: Readable) {
        asked = true;
        wire.push(smtpData(raw));
        wire.push(null);
      },
    };
    return new Promise((resolve) => {
      connection.send(
        { from: message.envelopeFrom ?? message.from.address, to: [message.to.address] },
        body as unknown as Readable,
        (error, info) => {
          resolve(error ? smtpOutcome(error, asked) : { kind: 'accepted', providerId: queueId(info.response) });
        },
      );
    });
  }

  /** One connection's share: takes messages from the common list until it is empty, or the lane has no more to give. */
  async function worker(todo: Due[], outcomes: Outcome[]): Promise<void> {
    let connection: SMTPConnection | undefined;
    for (let next = todo.shift(); next; next = todo.shift()) {
      connection ??= idle.pop();
      const kept = connection !== undefined;
      let outcome: Outcome;
      try {
        connection ??= await connect();
        outcome = await deliver(connection, next.message);
      } catch (error) {
        outcome = smtpOutcome(error as SmtpError, false);
      }
      outcomes[next.n] = outcome;
      if (connection?.destroyed) connection = undefined;
      else if (connection && outcome.kind !== 'accepted') connection = await fresh(connection);
      // A server that leaves us without an answer would keep every mail of the batch waiting as long: the rest was not begun.
      if (outcome.kind === 'unknown') giveUp(todo, outcomes, { kind: 'retry', reason: outcome.reason, lane: true, afterMs: SILENCE_PAUSE });
      if (outcome.kind === 'stopped' || (outcome.kind === 'retry' && outcome.lane)) {
        // A kept connection may have grown old; a new one that fails speaks for the whole lane.
        if (kept && !next.again && outcome.kind === 'retry') todo.push({ ...next, again: true });
        else giveUp(todo, outcomes, outcome);
      }
    }
    if (connection) idle.push(connection);
  }

  function fresh(connection: SMTPConnection): Promise<SMTPConnection | undefined> {
    return new Promise((resolve) => {
      connection.reset((error) => {
        if (error) connection.close();
        resolve(error ? undefined : connection);
      });
    });
  }

  return {
    async send(messages) {
      const outcomes: Outcome[] = [];
      const todo: Due[] = messages.map((message, n) => ({ message, n }));
      const workers = Array.from({ length: Math.min(connections, messages.length) }, () => turns(() => worker(todo, outcomes)));
      await Promise.all(workers);
      return outcomes;
    },
    async close() {
      for (const connection of idle.splice(0)) connection.quit();
    },
  };
}

/** At most `limit` at a time, in the order of their asking: several batches share the connections. */
function takeTurns(limit: number): (work: () => Promise<void>) => Promise<void> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

function giveUp(todo: Due[], outcomes: Outcome[], outcome: Outcome): void {
  for (const { n } of todo.splice(0)) outcomes[n] = outcome;
}

/** The name a server gave the message, where its answer says one: `250 2.0.0 Ok: queued as 4F2A…`. */
function queueId(response: string): string | null {
  return /queued as\s+<?([^\s>]+)/i.exec(response)?.[1] ?? null;
}
