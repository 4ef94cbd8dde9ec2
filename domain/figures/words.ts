import { span } from '../words/span.ts';

/** A length of whole seconds: `3 d 4 h`, `40 s`; null: `–`. */
export const lengthWords = (seconds: number | null): string => (seconds === null ? '–' : span(seconds * 1_000));

/** A share: `42%`, `0.4%`; null: `–`. */
export function shareWords(share: number | null): string {
  if (share === null) return '–';
  const percent = share * 100;
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)}%`;
}

/** An amount without its cents: `12,000 EUR`. */
export const moneyWords = (amount: number, currency: string): string => `${Math.round(amount).toLocaleString('en')} ${currency}`;

/** The same at a glance: `767K EUR`. */
export const shortMoneyWords = (amount: number, currency: string): string =>
  `${amount.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 })} ${currency}`;

/** Amounts by currency, never added together: `12,000 EUR · 500 USD`; `–` where there are none. */
export function valuesWords(values: Readonly<Record<string, number>>): string {
  const told = Object.entries(values).map(([currency, amount]) => moneyWords(amount, currency));
  return told.length === 0 ? '–' : told.join(' · ');
}

/** How far from fair, in a word; Gini's coefficient. */
export function fairnessWords(gini: number | null): string {
  if (gini === null) return 'nothing to compare';
  if (gini < 0.1) return 'even';
  return gini < 0.25 ? 'somewhat uneven' : 'uneven';
}

/** `2026-12` → `Dec 2026`; null: nobody has said. */
export const monthWords = (month: string | null): string =>
  month === null
    ? 'no date'
    : new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
