interface Card {
  fit: string | null;
  engagement: number | null;
  level: string | null;
  source: 'form' | 'campaign' | 'score' | 'api';
  because: Record<string, unknown>;
  routing: unknown;
  others: number;
}

/** What a salesperson of another firm is shown of a lead: whom to talk to and what they wrote; nothing of how we judge them or whence they came. */
export function partnerCard<C extends Card>(card: C): C {
  return {
    ...card,
    fit: null,
    engagement: null,
    level: null,
    others: 0,
    source: 'api',
    because: { note: 'Passed to you.' },
    routing: null,
  };
}
