/** One thing a simulated visitor does over the public HTTP API. */
export type Visit =
  | { at: number; form: string; fields: Record<string, string> }
  | { at: number; email: string; event: string; properties?: Record<string, unknown> };

interface Visitor {
  email: string;
  name: string;
  title: string;
  company: string;
  country: string;
}

const visitor = (email: string, name: string, title: string, company: string, country: string): Visitor => ({
  email,
  name,
  title,
  company,
  country,
});

const newcomers: Visitor[] = [
  visitor('sofia.marin@aguas-levante.example', 'Sofía Marín', 'Head of Maintenance', 'Aguas de Levante', 'ES'),
  visitor('t.okafor@harbour-cold.example', 'Tobe Okafor', 'Plant Manager', 'Harbour Cold Stores', 'GB'),
  visitor('linnea@fjall-mejeri.example', 'Linnea Åkesson', 'Process Engineer', 'Fjäll Mejeri', 'SE'),
  visitor('c.dubois@sucrerie-nord.example', 'Claire Dubois', 'Technical Purchasing', 'Sucrerie du Nord', 'FR'),
  visitor('r.hartmann@elbe-klaerwerk.example', 'Rolf Hartmann', 'Head of Maintenance', 'Elbe Klärwerk', 'DE'),
  visitor('zhang.lei@tianhe-food.example', '张磊', 'Plant Manager', '天河食品有限公司', 'CN'),
  visitor('amelia@copperline.example', 'Amelia Stone', 'Project Engineer', 'Copperline Mining', 'US'),
  visitor('p.kral@sladovna.example', 'Petr Král', 'Technical Purchasing', 'Sladovna Haná', 'CZ'),
];

const known = ['jana.brandt', 'lukas.petersen', 'miriam.krueger'].map((name) => `${name}@norderwerk.example`);

const fields = ({ email, name, title, company, country }: Visitor, message: string): Record<string, string> => ({
  email,
  name,
  job_title: title,
  company,
  country,
  message,
});

/** Seconds after the start: what the visitors of the first four minutes do. The first of them ask for an engineer, so that sales has something to answer. */
export function script(): Visit[] {
  const visits: Visit[] = [
    { at: 3, form: 'demo', fields: fields(newcomers[0]!, 'Two dosing pumps for chlorine, needed by spring') },
    { at: 5, form: 'website', fields: fields(newcomers[1]!, 'Can we borrow a pump for brine?') },
    { at: 8, form: 'demo', fields: fields(newcomers[4]!, 'Sludge pumps, 40 m³/h. Please call me.') },
    { at: 12, form: 'newsletter', fields: { email: known[0]! } },
  ];
  newcomers.forEach((one, i) => {
    const at = 6 + i * 7;
    visits.push({ at, email: one.email, event: 'page_viewed', properties: { path: '/pumps/centrifugal' } });
    visits.push({ at: at + 3, email: one.email, event: 'pump_selector_used', properties: { medium: i % 2 === 0 ? 'water' : 'brine' } });
    if (i > 1 && i !== 4)
      visits.push({ at: at + 6, form: i % 3 === 0 ? 'contact' : 'trial', fields: fields(one, 'We compare three makers at the moment') });
    if (i % 2 === 0) visits.push({ at: at + 20, email: one.email, event: 'pricing_viewed' });
    if (i % 3 === 1) visits.push({ at: at + 25, email: one.email, event: 'datasheet_downloaded', properties: { sheet: 'OC-40' } });
    if (i === 5) visits.push({ at: at + 40, email: one.email, event: 'demo_booked' });
    if (i === 1) visits.push({ at: at + 60, email: one.email, event: 'order_delivered', properties: { order: 'A-1042' } });
  });
  for (let at = 20; at < 240; at += 8)
    visits.push({ at, email: known[((at / 4) % known.length) | 0]!, event: 'page_viewed', properties: { path: '/cases' } });
  return visits.toSorted((a, b) => a.at - b.at);
}
