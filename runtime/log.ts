import { pino, type DestinationStream, type Logger } from 'pino';

/** Fields that would be personal data or secrets, wherever they stand up to two levels deep. We log ids. */
const HIDDEN = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'apiKey',
  'email',
  'phone',
  'address',
  'firstName',
  'lastName',
  'raw',
  'body',
];
const SECRETS = { paths: [...HIDDEN, ...HIDDEN.map((name) => `*.${name}`)], censor: '[hidden]' };

/** Errors with their code and stack; not what Postgres tells of the row, which may be somebody's address. */
function err(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(cause ? { cause } : {}),
    stack: error.stack,
  };
}

/** Structured logs, a JSON object a line on standard output; `pretty` for people at a terminal. */
export function createLog(level: string, pretty = false): Logger {
  return pretty ? logTo(level, prettyStream()) : logTo(level);
}

/** The log of a local instance: everything of `level` goes to the file, what people must know of to the terminal as well. */
export function createLocalLog(level: string, file: string): Logger {
  if (level === 'silent') return logTo(level);
  const streams = [
    { level: level as 'info', stream: pino.destination({ dest: file, mkdir: true, sync: true }) },
    { level: 'warn' as const, stream: prettyStream() },
  ];
  return logTo(level, pino.multistream(streams));
}

function logTo(level: string, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    redact: SECRETS,
    serializers: { err },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** `12:30:01 WARN what happened leadId=…` */
function prettyStream(): DestinationStream {
  return {
    write(line) {
      const { level, time, msg, err: error, ...fields } = JSON.parse(line) as Record<string, unknown> & { err?: { message?: string } };
      const rest = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      const parts = [
        String(time).slice(11, 19),
        String(level).toUpperCase().padEnd(5),
        msg,
        ...rest,
        ...(error?.message ? [`(${error.message})`] : []),
      ];
      process.stderr.write(`${parts.join(' ')}\n`);
    },
  };
}
