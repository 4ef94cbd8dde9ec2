import type { Mail, MailWorkspace } from '../domain/delivery/mail.ts';
import { leastTracking } from '../domain/tracking/hit.ts';
import type { Track } from './handlebars.ts';
import { signLink } from './links.ts';
import type { ClickLink, RenderSettings } from './render.ts';
import type { MailMarks } from './tracked-links.ts';

export interface MailTracking {
  /** Makes the author's address one that counts the click. */
  track: Track;
  /** What stands at the end of the HTML besides the author's words. */
  marks: string;
}

/** A name and an address that together make a token our api still takes, characters. */
const LONGEST = 2_000;

/** The author's links are left as they are, and nothing is added. */
const untracked: MailTracking = { track: (_, url) => url, marks: '' };

/**
 * How this mail is tracked: links where the workspace, the campaign and the person allow it, and in marketing the picture, too, with a link that
 * nobody sees. Mail to reps never is. A link's address is short, unless it is made for one person: then it carries itself.
 */
export function trackingOf(
  mail: Mail,
  workspace: MailWorkspace,
  { trackedLinks, secret, publicUrl }: Pick<RenderSettings, 'trackedLinks' | 'secret' | 'publicUrl'>,
): MailTracking {
  const tracking = leastTracking(workspace.tracking, mail.tracking);
  if (mail.class === 'internal' || tracking === 'off') return untracked;
  const marks = trackedLinks?.ofMail(mail.id);
  // A link too long to carry itself is left as it is.
  const full = (name: string, url: string, position: number): string =>
    name.length + url.length > LONGEST
      ? url
      : `${publicUrl}/c/${signLink(secret, 'click', { s: mail.id, l: name, u: url, p: position } satisfies ClickLink)}`;
  // The text part has the links of the HTML again.
  const made = new Map<string, string>();
  return {
    track(name, url, personal) {
      if (!/^https?:\/\//i.test(url)) return url;
      const key = `${name}\0${url}`;
      let link = made.get(key);
      if (link === undefined) {
        const position = made.size;
        link = (personal ? null : marks?.click(name, url, position)) ?? full(name, url, position);
        made.set(key, link);
      }
      return link;
    },
    marks: marks && mail.class === 'marketing' ? invisible(marks, tracking === 'on') : '',
  };
}

/** What nobody sees: who loads the picture has opened the mail, who follows the link is a machine. */
function invisible({ trap, picture }: Pick<MailMarks, 'trap' | 'picture'>, withPicture: boolean): string {
  const link =
    trap === null ? '' : `<a href="${trap}" rel="nofollow" tabindex="-1" aria-hidden="true" style="display:none;mso-hide:all"></a>`;
  return withPicture
    ? `${link}<img src="${picture}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`
    : link;
}
