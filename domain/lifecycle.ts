/** The stages of a lead's life, as sales and marketing speak of them. */
export const stages = ['subscriber', 'lead', 'mql', 'sal', 'sql', 'customer', 'advocate', 'lost', 'disqualified'] as const;
export type Stage = (typeof stages)[number];

/**
 * What moves a lead, where to, and from which stages only. A move whose stage is not listed changes nothing, so it may be made
 * twice, late or out of turn: nobody is thrown back by an old answer, and a customer is never a lead again by accident.
 */
export const moves = {
  /** Handed to sales, by the standard, a form or a campaign. Who was lost may come back. */
  qualified: { to: 'mql', from: ['subscriber', 'lead', 'lost'] },
  /** A salesperson has accepted. */
  accepted: { to: 'sal', from: ['subscriber', 'lead', 'mql', 'lost'] },
  /** Somebody has really talked to them. */
  touched: { to: 'sql', from: ['subscriber', 'lead', 'mql', 'sal', 'lost'] },
  won: { to: 'customer', from: ['subscriber', 'lead', 'mql', 'sal', 'sql', 'lost'] },
  lost: { to: 'lost', from: ['subscriber', 'lead', 'mql', 'sal', 'sql'] },
  /** Rejected for now, or not a case for sales: back to nurture. */
  returned: { to: 'lead', from: ['mql', 'sal', 'sql'] },
  /** A customer who speaks for us. */
  promoted: { to: 'advocate', from: ['customer'] },
  /** No lead at all. */
  disqualified: { to: 'disqualified', from: ['subscriber', 'lead', 'mql', 'sal', 'sql', 'lost'] },
} as const satisfies Record<string, { to: Stage; from: readonly Stage[] }>;

export type Move = keyof typeof moves;

/** The stage after a move: the same one when the move does not apply to it. */
export function stageAfter(stage: Stage, move: Move): Stage {
  const { to, from } = moves[move];
  return (from as readonly Stage[]).includes(stage) ? to : stage;
}

/** The move that leads to a stage, or undefined: nothing does. */
export function moveTo(stage: Stage): Move | undefined {
  return (Object.keys(moves) as Move[]).find((move) => moves[move].to === stage);
}
