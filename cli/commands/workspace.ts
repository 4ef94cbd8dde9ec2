import { type Client } from '../client.ts';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { say, sayJson } from '../output.ts';

interface Settings {
  name: string;
  timezone: string;
  country: string;
  postalAddress: string | null;
}

function tell({ name, timezone, country, postalAddress }: Settings): void {
  say(`Name            ${name}`);
  say(`Timezone        ${timezone}`);
  say(`Country         ${country}`);
  say(`Postal address  ${postalAddress ?? 'none: marketing must say one'}`);
}

const read = (client: Client): Promise<Settings> => client.get<Settings>('/v1/workspace');

const show = command({
  name: 'show',
  description: 'What every mail says of the firm',
  async run({ args, client }) {
    const settings = await read(client);
    if (args.json) return sayJson(settings);
    tell(settings);
  },
});

const set = command({
  name: 'set',
  description: 'Change it; what is not named stays as it is',
  args: {
    name: { type: 'string', description: 'The firm, as mails call it', valueHint: 'NAME' },
    'postal-address': { type: 'string', description: 'What marketing must say in every mail', valueHint: 'ADDRESS' },
    timezone: { type: 'string', description: 'IANA, such as Europe/Berlin', valueHint: 'ZONE' },
    country: { type: 'string', description: 'Two capitals, such as DE', valueHint: 'DE' },
  },
  async run({ args, client }) {
    const { name, timezone, country, 'postal-address': postalAddress } = args;
    const change = Object.fromEntries(
      Object.entries({ name, timezone, country, postalAddress }).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(change).length === 0) throw new Failure('Nothing to change', ['say --postal-address, --name, --timezone or --country']);
    const settings = await client.put<Settings>('/v1/workspace', change);
    if (args.json) return sayJson(settings);
    tell(settings);
  },
});

/** `tendril workspace …` */
export const workspace = group('workspace', 'What the workspace says of itself', { show, set }, 'show');
