import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import sharedClient from '@sendgrid/client';
import sharedService from '@sendgrid/mail';
import { type Answer, outcomeOf, silenceOf } from '../sendgrid/outcome.ts';
import { type RequestSettings, requestOf } from '../sendgrid/request.ts';
import type { Outcome, OutgoingMessage, Transport } from './transport.ts';

export interface SendgridOptions extends RequestSettings {
  apiKey: string;
  /** https://api.sendgrid.com, or a server that behaves like it. */
  apiUrl: string;
  /** Requests at once. */
  connections: number;
  /** How long a request may wait for its answer, real ms. */
  timeoutMs: number;
}

/** Connections that nobody has used for so long are closed before the other side does it, real ms. */
const IDLE_MS = 4_000;
/** After so many silences without an answer between them nothing more is begun: each would be a mail of unknown fate. */
const SILENCES = 3;
/** How long the lane waits then, real ms. */
const SILENCE_PAUSE = 5_000;
/** What of a batch has not been begun after so long goes back: a lease does not last for ever. Real ms. */
const BATCH_MS = 30_000;

/** Sends each message as a request of its own, so that each has its own outcome. */
export function createSendgridTransport(options: SendgridOptions): Transport {
  const connections = createConnections(options);
  const service = createService(options, connections);

  async function deliver(message: OutgoingMessage): Promise<Outcome> {
    try {
      const [{ statusCode: status, headers, body }] = await service.send(requestOf(message, options));
      return outcomeOf({ status, headers: headers as Answer['headers'], body }, new Date());
    } catch (error) {
      const answer = answerIn(error);
      return answer ? outcomeOf(answer, new Date()) : silenceOf(error as Error, connections.asked(error));
    }
  }

  return {
    async send(messages) {
      const outcomes: Outcome[] = [];
      const begun = performance.now();
      let silences = 0;
      let halt: Outcome | undefined;
      const todo = messages.map((message, n) => ({ message, n }));

      async function worker(): Promise<void> {
        for (let next = todo.shift(); next; next = todo.shift()) {
          if (performance.now() - begun > BATCH_MS) halt ??= { kind: 'retry', reason: 'not begun in time', lane: true, afterMs: 0 };
          const outcome = halt ?? (await deliver(next.message));
          outcomes[next.n] = outcome;
          silences = outcome.kind === 'unknown' ? silences + 1 : 0;
          if (outcome.kind === 'stopped' || (outcome.kind === 'retry' && outcome.lane)) halt ??= outcome;
          if (outcome.kind === 'unknown' && silences >= SILENCES)
            halt ??= { kind: 'retry', reason: outcome.reason, lane: true, afterMs: SILENCE_PAUSE };
        }
      }
      await Promise.all(Array.from({ length: Math.min(options.connections, messages.length) }, worker));
      return outcomes;
    },
    close: async () => connections.close(),
  };
}

// What these packages export are instances that everybody shares; their classes hang on them, untold by their types.
const { Client } = sharedClient as unknown as { Client: new () => typeof sharedClient };
const { MailService } = sharedService as unknown as { MailService: new () => typeof sharedService };

/** SendGrid's own client, over connections of ours. It would hand the mail's headers to HTTP as well, where they mean nothing. */
function createService({ apiKey, apiUrl, timeoutMs }: SendgridOptions, { transport, agent }: Connections): typeof sharedService {
  class Requests extends Client {
    override createRequest(data: Parameters<typeof sharedClient.createRequest>[0]): typeof data {
      const request = super.createRequest({ ...data, headers: {} });
      return Object.assign(request, { transport, httpAgent: agent, httpsAgent: agent, timeout: timeoutMs });
    }
  }
  const client = new Requests();
  client.setApiKey(apiKey);
  client.setDefaultRequest('baseUrl', apiUrl);
  const service = new MailService();
  service.setClient(client);
  return service;
}

type Connections = ReturnType<typeof createConnections>;

/** A few kept connections, and which requests got as far as one that stood: of those nobody knows what was read. */
function createConnections({ apiUrl, connections }: SendgridOptions) {
  const secure = apiUrl.startsWith('https:');
  const kept = { keepAlive: true, maxSockets: connections, timeout: IDLE_MS };
  const agent = secure ? new HttpsAgent(kept) : new HttpAgent(kept);
  const asked = new WeakSet<ClientRequest>();

  function request(options: RequestOptions, answer: (response: IncomingMessage) => void): ClientRequest {
    const made = (secure ? httpsRequest : httpRequest)(options, answer);
    made.once('socket', (socket) => {
      if (!socket.connecting) asked.add(made);
      else socket.once(secure ? 'secureConnect' : 'connect', () => asked.add(made));
    });
    return made;
  }

  return {
    agent,
    transport: { request },
    /** Whether the request of an error may have been read; one that never was made was not. */
    asked(error: unknown): boolean {
      const made = (error as { request?: ClientRequest }).request;
      return made !== undefined && asked.has(made);
    },
    close: () => agent.destroy(),
  };
}

/** The answer that the client threw, where there was one. */
function answerIn(error: unknown): Answer | null {
  const { code, response } = error as {
    code?: unknown;
    response?: { status?: number; headers?: Answer['headers']; body?: unknown; data?: unknown };
  };
  const status = response?.status ?? code;
  if (!response || typeof status !== 'number') return null;
  return { status, headers: response.headers ?? {}, body: response.body ?? response.data };
}
