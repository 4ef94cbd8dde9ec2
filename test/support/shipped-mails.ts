import { readMail } from '../../messaging/template-lint/lint.ts';
import { SAMPLE_LINKS, sampleView } from '../../messaging/template-lint/sample.ts';
import { fill, type RenderedMail, type Templates } from '../../messaging/templates.ts';
import { shippedParams, viewOf } from './mail-views.ts';

export interface ShippedMail extends RenderedMail {
  key: string;
  internal: boolean;
}

/** Every mail that ships, filled in as somebody may receive it: by the example there is of it, else by one made from what it asks for. */
export function shippedMails(templates: Templates): ShippedMail[] {
  return templates.variants().map((mail) => {
    const { key, layout } = mail.source;
    const internal = layout === 'internal';
    const params = shippedParams[key];
    const known = viewOf(params ?? {}) as { workspace: object; sender: object; lead: object; account: object };
    const invented = sampleView(readMail(mail).uses, { params: params ?? {}, bare: false });
    const view = {
      ...invented,
      ...(params ? known : { workspace: known.workspace, sender: known.sender }),
      ...(internal ? {} : SAMPLE_LINKS),
    };
    return { key, internal, ...fill(mail, view, (_, url) => url) };
  });
}
