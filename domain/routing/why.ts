/** Why somebody was handed to sales, in one sentence, from where it came and what was recorded then. */
export function whyHandedOver(source: 'form' | 'campaign' | 'score' | 'api', because: Record<string, unknown>): string {
  const text = (key: string): string | null =>
    typeof because[key] === 'string' || typeof because[key] === 'number' ? String(because[key]) : null;
  switch (source) {
    case 'form':
      return text('form') ? `Asked for it themselves, through the form ‘${text('form')}’.` : 'Asked for it themselves, through a form.';
    case 'campaign':
      return text('campaign') ? `The campaign ‘${text('campaign')}’ says it is time.` : 'A campaign says it is time.';
    case 'score': {
      const values = [
        text('fit') && `fit ${text('fit')}`,
        text('engagement') && `engagement ${Math.round(Number(text('engagement')))}`,
      ].filter(Boolean);
      return `Meets the qualification standard${values.length > 0 ? `: ${values.join(', ')}` : ''}.`;
    }
    case 'api':
      return text('note') ?? 'Handed over by hand.';
  }
}
