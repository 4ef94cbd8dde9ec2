import { originOf, type Segment, textOf } from '../template-files.ts';
import type { TemplateFinding, TemplateRule } from './finding.ts';

/** A link as its author wrote it. */
export interface WrittenLink {
  url: string;
  file: string;
  line: number;
}

/** What can be seen in the MJML itself: pictures without words, links that lead nowhere. */
export function readMarkup(segments: readonly Segment[]): { findings: TemplateFinding[]; links: WrittenLink[] } {
  const text = textOf(segments).replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const findings: TemplateFinding[] = [];
  const links: WrittenLink[] = [];
  for (const { 0: tag, 1: name, 2: attributes, index } of text.matchAll(/<(mj-[a-z-]+|a|img)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/g)) {
    const place = originOf(segments, text.slice(0, index).split('\n').length, tag.split('\n')[0]);
    const find = (level: TemplateFinding['level'], rule: TemplateRule, reason: string, mend: string) =>
      findings.push({ level, ...place, rule, variable: null, reason, mend });
    const attribute = (which: string) =>
      new RegExp(`\\s${which}=(?:"([^"]*)"|'([^']*)')`)
        .exec(attributes!)
        ?.slice(1)
        .find((one) => one !== undefined);
    if (/^(mj-image|img|mj-carousel-image)$/.test(name!) && attribute('src') !== undefined) {
      if (attribute('alt') === undefined)
        find(
          'error',
          'alt',
          'this picture has no words for those who do not see it',
          'say what it shows: alt="…", or alt="" where it only decorates',
        );
      const src = attribute('src')!;
      if (!/^(https?:\/\/|\{\{)/.test(src))
        find('error', 'link', `a mail has no folder, so '${src}' shows nothing`, 'write the whole address: https://…');
    }
    const href = attribute('href')?.trim();
    if (href === undefined || /^mj-(attributes|class|all)$/.test(name!)) continue;
    const wrong = hrefFault(href);
    if (wrong) find(wrong.level, 'link', wrong.reason, wrong.mend);
    else if (/^https?:/.test(href) && !href.includes('{{')) links.push({ url: href.replaceAll('&amp;', '&'), ...place });
  }
  return { findings, links };
}

function hrefFault(href: string): Pick<TemplateFinding, 'level' | 'reason' | 'mend'> | null {
  const error = (reason: string, mend: string) => ({ level: 'error' as const, reason, mend });
  if (href === '' || href.startsWith('#')) return error(`the link '${href}' leads nowhere`, 'write where it leads: https://…');
  if (href.startsWith('{{')) return null;
  if (/^(mailto|tel|sms):./i.test(href)) return null;
  if (/^[a-z][a-z+.-]*:/i.test(href) && !/^https?:/i.test(href)) return error(`no mailbox follows '${href}'`, 'link to a page: https://…');
  if (!/^https?:/i.test(href)) return error(`a mail has no folder, so '${href}' leads nowhere`, 'write the whole address: https://…');
  const whole = href.replaceAll(/\{\{[^}]*\}\}/g, 'x').replaceAll('&amp;', '&');
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (!url || (!url.hostname.includes('.') && !href.includes('{{') && url.hostname !== 'localhost'))
    return error(`'${href}' is no address`, 'check the spelling');
  return url.protocol === 'http:' && url.hostname !== 'localhost'
    ? { level: 'warning', reason: `'${href}' is not encrypted; some mailboxes warn of it`, mend: 'write https:// where the page has it' }
    : null;
}
