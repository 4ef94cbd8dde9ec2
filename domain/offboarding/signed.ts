/** Who signs a letter. */
export interface Signer {
  name: string;
  email: string;
  title: string | null;
}

/**
 * What somebody has written with their own hand, signed by somebody else: lines that say nothing but the name (or the first name), address or title of the one
 * say those of the other. A title that the other does not have is left out. All else stays as it was written.
 */
export function signedBy(text: string, was: Signer, is: Signer): string {
  const first = ({ name }: Signer): string => name.trim().split(/\s+/)[0]!;
  const lines = new Map([
    [first(was), first(is)],
    ...(was.title ? [[was.title.trim(), is.title?.trim() ?? null] as const] : []),
    [was.email, is.email],
    [was.name.trim(), is.name.trim()],
  ]);
  return text
    .split('\n')
    .flatMap((line) => {
      const said = line.trim();
      const now = said === '' ? undefined : lines.get(said);
      return now === undefined ? [line] : now === null ? [] : [line.replace(said, () => now)];
    })
    .join('\n');
}
