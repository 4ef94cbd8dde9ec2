/** Which loop to poke: every crowd and case workflow there is, by what it carries. Slots are 0-255, both ends included. */
export type Loop =
  | { kind: 'scoring'; from: number; to: number }
  | { kind: 'nurture'; campaignId: string; from: number; to: number }
  | { kind: 'delivery'; lane: string }
  | { kind: 'calls'; lane: string }
  | { kind: 'feed' }
  | { kind: 'segments' }
  | { kind: 'mailbox'; repId?: string }
  | { kind: 'offboard'; rep: string }
  | { kind: 'qualification'; opportunityId: string }
  | { kind: 'sequence'; enrolmentId: string };

/** The workflow id of a loop: one driver each, so Temporal refuses a second. */
export function loopId(loop: Loop): string {
  switch (loop.kind) {
    case 'scoring':
      return `scoring/${loop.from}-${loop.to}`;
    case 'nurture':
      return `nurture/${loop.campaignId}/${loop.from}-${loop.to}`;
    case 'delivery':
      return `delivery/${loop.lane}`;
    case 'calls':
      return `calls/${loop.lane}`;
    case 'feed':
      return 'feed';
    case 'segments':
      return 'segments';
    case 'mailbox':
      return loop.repId ? `mailbox/${loop.repId}` : 'mailbox';
    case 'offboard':
      return `offboard/${loop.rep}`;
    case 'qualification':
      return `qualification/${loop.opportunityId}`;
    case 'sequence':
      return `sequence/${loop.enrolmentId}`;
  }
}

/** The slot ranges of a workspace that says `ranges` (a power of two up to 32). */
export function slotRanges(ranges: number): { from: number; to: number }[] {
  const width = 256 / ranges;
  return Array.from({ length: ranges }, (_, i) => ({ from: i * width, to: (i + 1) * width - 1 }));
}

/** The range among `ranges` that a slot belongs to. */
export function rangeOf(slot: number, ranges: number): { from: number; to: number } {
  const width = 256 / ranges;
  const from = Math.floor(slot / width) * width;
  return { from, to: from + width - 1 };
}

/** Whom a loop carries: an enrolment's campaign and slot; a run of a sequence by its own id. */
interface Carried {
  campaignId: string;
  slot: number;
  runId?: string | null;
}

/** The loop that carries an enrolment: its own where it is a run of a sequence, else its campaign's for the range of its slot. */
const carrierOf = ({ campaignId, slot, runId }: Carried, ranges: number): Loop =>
  runId ? { kind: 'sequence', enrolmentId: runId } : { kind: 'nurture', campaignId, ...rangeOf(slot, ranges) };

/** The loops to poke, each once, after facts of leads in `slots` changed and woke (or made candidates of) these. */
export function loopsAfter(ranges: number, slots: Iterable<number>, woken: Iterable<Carried>): Loop[] {
  const loops: Loop[] = [
    ...[...slots].map((slot) => ({ kind: 'scoring' as const, ...rangeOf(slot, ranges) })),
    ...[...woken].map((one) => carrierOf(one, ranges)),
  ];
  return [...new Map(loops.map((loop) => [loopId(loop), loop])).values()];
}

/** The loops of lanes in which something was queued. */
export const deliveryOf = (lanes: readonly string[]): Loop[] => lanes.map((lane) => ({ kind: 'delivery', lane }));

/** The loops of these opportunities. */
export const qualificationOf = (opportunityIds: readonly string[]): Loop[] =>
  opportunityIds.map((opportunityId) => ({ kind: 'qualification', opportunityId }));

/** Asks a loop to look now. Never throws and never waits: losing one costs seconds, never a lead. */
export type Poke = (loop: Loop) => void;
