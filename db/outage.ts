/** SQLSTATE classes and codes that tell of the database, not of what it was asked to do. */
const troubles = /^(?:08|53|57|58|XX)...$|^25P0[34]$|^55P03$/;

/**
 * Whether the database is away, full, shutting down or too slow: whoever asks it anything now fares the same. Everything else that it
 * refuses is somebody's own doing.
 */
export function isOutage(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return /^E[A-Z]{3,}$/.test(code) || troubles.test(code);
  return /connection terminated|not queryable|timeout exceeded when trying to connect|calling end on the pool|client was closed/i.test(
    String(message),
  );
}
