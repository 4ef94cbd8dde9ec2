import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { Loop, Poke } from '../domain/loops.ts';

export interface Metrics {
  registry: Registry;
  /** The same poke, counted by kind of loop. */
  counted(poke: Poke): Poke;
}

/** The process's metrics; /metrics shows them in Prometheus' text format. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const pokes = new Counter({
    name: 'tendril_pokes_total',
    help: 'Loops asked to look, before gathering',
    labelNames: ['kind'],
    registers: [registry],
  });
  return {
    registry,
    counted: (poke) => (loop: Loop) => {
      pokes.inc({ kind: loop.kind });
      poke(loop);
    },
  };
}
