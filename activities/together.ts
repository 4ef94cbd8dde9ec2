/** What comes home within this time is written by one statement, real ms. */
const WAIT_MS = 5;

/** Makes one write of several: what is handed in within a few milliseconds goes together, and each learns what became of it. */
export function together<T>(write: (many: readonly T[]) => Promise<void>): (one: T) => Promise<void> {
  let waiting: T[] = [];
  let written: Promise<void> | null = null;

  async function writeSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    const many = waiting;
    waiting = [];
    written = null;
    await write(many);
  }

  return (one) => {
    waiting.push(one);
    written ??= writeSoon();
    return written;
  };
}
