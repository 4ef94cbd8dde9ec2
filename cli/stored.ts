import { paint, say, sayJson, table } from './output.ts';

/** A campaign or sequence that an instance has. */
export interface Stored {
  key: string;
  name: string;
  state: string;
  liveVersion: number | null;
}

/** That it is now so. */
export function tellState(stored: Stored, json: boolean): void {
  if (json) return sayJson(stored);
  const { name, key, state, liveVersion } = stored;
  say(`${paint('green', '✓')} ${name} (${key}) is ${state}${liveVersion ? `, version ${liveVersion}` : ''}`);
}

/** What stands above its figures. */
export const tellTitle = ({ name, key, state, liveVersion }: Stored): void =>
  say(`${paint('bold', name)} (${key}): ${state}${liveVersion ? `, version ${liveVersion}` : ''}`);

/** All of them; `what` they are: campaign. */
export const tellAll = (items: readonly Stored[], what: string): void =>
  say(
    items.length === 0
      ? `There is no ${what} yet.`
      : table(
          ['key', 'state', 'version', 'name'],
          items.map((one) => [one.key, one.state, one.liveVersion ?? '–', one.name]),
        ),
  );

/** How many could not be looked at; silent where there are none. */
export function tellFailing(failing: number): void {
  if (failing > 0) say(paint('yellow', `${failing} could not be decided at the last look; they are tried again (tendril doctor)`));
}
