import type { NewPerson } from '../db/leads.ts';

/** A firm of demo/accounts.yaml. */
export interface DemoAccount {
  name: string;
  domain: string;
  industry: string;
  employees: number;
  country: string;
  people: number;
}

const names: Record<string, { first: string[]; last: string[] }> = {
  DE: {
    first: ['Jana', 'Lukas', 'Miriam', 'Torsten', 'Ayşe', 'Henrik'],
    last: ['Brandt', 'Vogel', 'Petersen', 'Yılmaz', 'Krüger', 'Lindner'],
  },
  FR: { first: ['Élodie', 'Mathieu', 'Inès', 'Olivier', 'Camille'], last: ['Girard', 'Roussel', 'Fontaine', 'Lemaire', 'Perrot'] },
  IT: { first: ['Giulia', 'Marco', 'Chiara', 'Davide'], last: ['Ferrari', 'Conti', 'Greco', 'Marchetti'] },
  ES: { first: ['Lucía', 'Iván', 'Carmen', 'Raúl'], last: ['Ortega', 'Navarro', 'Vidal', 'Castro'] },
  PL: { first: ['Agnieszka', 'Paweł', 'Marta', 'Tomasz', 'Ewa'], last: ['Kowalska', 'Wójcik', 'Zieliński', 'Nowak', 'Mazur'] },
  SE: { first: ['Astrid', 'Erik', 'Saga', 'Nils', 'Freja'], last: ['Lund', 'Bergström', 'Holm', 'Dahl', 'Sørensen'] },
  GB: { first: ['Priya', 'Callum', 'Harriet', 'Owen', 'Zoe'], last: ['Sharma', 'Fraser', 'Whitfield', 'Pryce', 'Bell'] },
  US: { first: ['Dana', 'Marcus', 'Elena', 'Tyler', 'Grace'], last: ['Whitaker', 'Nguyen', 'Ramirez', 'Olsen', 'Brooks'] },
  CN: { first: ['Mei', 'Jun', 'Xiaoyan', 'Wei', 'Lan'], last: ['Zhou', 'Chen', 'Liu', 'Wang', 'Sun'] },
};
const sameNames: Record<string, string> = { AT: 'DE', CH: 'DE', NL: 'SE', BE: 'FR', CZ: 'PL', DK: 'SE' };

const roles = [
  { title: 'Head of Maintenance', buying_role: 'decider' },
  { title: 'Process Engineer', buying_role: 'user' },
  { title: 'Technical Purchasing', buying_role: 'budget' },
  { title: 'Plant Manager', buying_role: 'decider' },
  { title: 'Project Engineer', buying_role: 'influencer' },
];

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');

/** The people of a firm: always the same ones. `n` is the firm's place in the list. */
export function peopleOf(account: DemoAccount, n: number): NewPerson[] {
  const { first, last } = names[sameNames[account.country] ?? account.country]!;
  return Array.from({ length: account.people }, (_, i) => {
    const firstName = first[(n + i) % first.length]!;
    const lastName = last[(n * 2 + i * 3) % last.length]!;
    const role = account.industry === 'education' ? { title: 'Student', buying_role: 'user' } : roles[(n + i) % roles.length]!;
    return {
      email: `${plain(firstName)}.${plain(lastName)}@${account.domain}`,
      firstName,
      lastName,
      title: role.title,
      company: account.name,
      country: account.country,
      attributes: { buying_role: role.buying_role },
      tags: account.industry === 'pump manufacturer' ? ['competitor'] : [],
    };
  });
}
