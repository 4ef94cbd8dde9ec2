/** A page that a known person viewed. */
export interface Visit {
  leadId: string;
  at: Date;
  url: string;
  /** Null where it was not told. */
  userAgent: string | null;
}

/** A click that is still provisional. */
export interface ProvisionalClick {
  id: string;
  leadId: string;
  at: Date;
  url: string | null;
  userAgent: string | null;
}

/** How much earlier than the click the page may seem to have been viewed: two clocks are compared. */
const SLACK_MS = 1_000;

/**
 * The click that led to a visit: the last one before it to the same site, by the same browser where that is known, rather to the very page. Null
 * where there is none: then the visit says nothing.
 */
export function clickBehind(visit: Visit, clicks: readonly ProvisionalClick[]): ProvisionalClick | null {
  const page = addressOf(visit.url);
  if (!page) return null;
  const likely = clicks.flatMap((click) => {
    const target = addressOf(click.url);
    const same = click.leadId === visit.leadId && target?.site === page.site && click.at.getTime() <= visit.at.getTime() + SLACK_MS;
    const otherBrowser = visit.userAgent !== null && click.userAgent !== null && visit.userAgent !== click.userAgent;
    return same && !otherBrowser ? [{ click, exact: Number(target.path === page.path) }] : [];
  });
  const [best] = likely.toSorted(
    (a, b) => b.exact - a.exact || b.click.at.getTime() - a.click.at.getTime() || (a.click.id < b.click.id ? -1 : 1),
  );
  return best?.click ?? null;
}

function addressOf(url: string | null): { site: string; path: string } | null {
  if (url === null || !URL.canParse(url)) return null;
  const { hostname, pathname } = new URL(url);
  return { site: hostname.replace(/^www\./, ''), path: pathname };
}
