export interface Gathering<Given, Answer> {
  /** Does the work of all of them, or of none; answers in their order. */
  run(together: readonly Given[]): Promise<readonly Answer[]>;
  /**
   * What is named here is done by one batch at a time, and at most once in it, in the order of coming: whose work depends on
   * another's waits for it.
   */
  namesOf?(given: Given): readonly string[];
  /** Whether this failure may be one member's own doing. Then the batch is halved until whoever it is stands alone. */
  divides(error: unknown): boolean;
  /** Batches under way at once. */
  atOnce: number;
  /** Members of one batch at the most. */
  most: number;
  /** So many need not wait for more: they go though another batch is under way. */
  enough?: number;
  /** After a batch of several, others are given this time to come along, milliseconds. */
  lingerMs?: number;
}

interface Waiting<Given, Answer> {
  given: Given;
  names: readonly string[];
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Makes one call of many: what comes while batches are under way waits for the next one and goes together with the others. Whoever
 * comes alone goes at once, so at rest it is a plain call.
 */
export function createGatherer<Given, Answer>(how: Gathering<Given, Answer>): (given: Given) => Promise<Answer> {
  const { run, namesOf, divides, atOnce, most, enough = 1, lingerMs = 0 } = how;
  let waiting: Waiting<Given, Answer>[] = [];
  const taken = new Set<string>();
  let underWay = 0;
  let lingering: NodeJS.Timeout | undefined;

  function depart(): void {
    while (underWay < atOnce && mayGo()) {
      const batch = nextBatch();
      if (batch.length === 0) return;
      underWay++;
      void settle(batch).finally(() => arrive(batch));
    }
  }

  function mayGo(): boolean {
    return waiting.length >= enough || (underWay === 0 && lingering === undefined);
  }

  function arrive(batch: readonly Waiting<Given, Answer>[]): void {
    underWay--;
    for (const { names } of batch) for (const name of names) taken.delete(name);
    if (batch.length > 1 && lingerMs > 0) {
      lingering ??= setTimeout(() => {
        lingering = undefined;
        depart();
      }, lingerMs);
    }
    depart();
  }

  /** The first who may go. Whoever may not, holds back those after them who share a name. */
  function nextBatch(): Waiting<Given, Answer>[] {
    const batch: Waiting<Given, Answer>[] = [];
    const held: Waiting<Given, Answer>[] = [];
    const ahead = new Set<string>();
    let seen = 0;
    for (; seen < waiting.length && batch.length < most; seen++) {
      const one = waiting[seen]!;
      (one.names.some((name) => taken.has(name) || ahead.has(name)) ? held : batch).push(one);
      for (const name of one.names) ahead.add(name);
    }
    waiting = [...held, ...waiting.slice(seen)];
    for (const { names } of batch) for (const name of names) taken.add(name);
    return batch;
  }

  async function settle(batch: readonly Waiting<Given, Answer>[]): Promise<void> {
    try {
      const answers = await run(batch.map(({ given }) => given));
      batch.forEach(({ resolve }, i) => resolve(answers[i]!));
    } catch (error) {
      if (batch.length === 1 || !divides(error)) return batch.forEach(({ reject }) => reject(error));
      const half = Math.ceil(batch.length / 2);
      await settle(batch.slice(0, half));
      await settle(batch.slice(half));
    }
  }

  return (given: Given): Promise<Answer> =>
    new Promise((resolve, reject) => {
      waiting.push({ given, names: namesOf?.(given) ?? [], resolve, reject });
      depart();
    });
}
