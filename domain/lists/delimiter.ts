/** The one of `,` `;` and tab that parts the headings most often. */
export function delimiterOf(text: string): string {
  const heading = text
    .slice(0, 10_000)
    .split(/\r?\n/, 1)[0]!
    .replaceAll(/"[^"]*"/g, '');
  const count = (sign: string): number => heading.split(sign).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0]!;
}
