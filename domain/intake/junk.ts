import { isDisposable } from '../identity/mail-domains.ts';
import type { Form } from '../forms/form.ts';
import type { Mapped } from './map.ts';
import { normaliseLabel } from './synonyms.ts';
import type { Answer } from './types.ts';

/** Honeypots that form tools bring along, besides the form's own. */
const honeypots = new Set(['bot field', 'honeypot', 'gotcha', 'hp field', 'your website url confirm']);

/**
 * Why a submission is quarantined, in words for whoever looks at the quarantine; null when it is not. Careful rather than
 * clever: what lands here can be restored, but nobody is hurried to look.
 */
export function junkReason(answers: readonly Answer[], mapped: Mapped, form: Form): string | null {
  const trap = answers.find(({ key }) => key === form.honeypot || honeypots.has(normaliseLabel(key)));
  if (trap && trap.value !== false) return `the hidden field '${trap.key}' was filled in`;
  if (mapped.email && isDisposable(mapped.email.split('@')[1]!)) return 'the address is a throw-away one';
  const links = (mapped.message ?? '').match(/https?:\/\/|\bwww\.|\[url[=\]]|<a\s/gi)?.length ?? 0;
  if (links >= 4 || /\[url[=\]]|<a\s+href/i.test(mapped.message ?? '')) return 'the message is stuffed with links';
  const named = [mapped.firstName, mapped.lastName, mapped.name, mapped.company, mapped.title];
  if (named.some((text) => text && /https?:\/\/|\bwww\.\w/i.test(text))) return 'a name holds a link';
  const names = [mapped.name ?? mapped.firstName, mapped.company, mapped.lastName].filter((text) => text !== null);
  if (
    mapped.message ? isGibberish(mapped.message) && (names.length === 0 || names.some(isGibberish)) : names.filter(isGibberish).length >= 2
  )
    return 'the text is gibberish';
  return null;
}

/** One long run of letters that no language writes: capitals strewn about, or consonants without end. */
export function isGibberish(text: string): boolean {
  if (!/^[A-Za-z]{10,}$/.test(text.trim())) return false;
  const turns = text.match(/[a-z][A-Z]/g)?.length ?? 0;
  const vowels = text.match(/[aeiouy]/gi)?.length ?? 0;
  return (turns >= 3 && vowels / text.length < 0.25) || /[bcdfghjklmnpqrstvwxz]{7,}/i.test(text);
}
