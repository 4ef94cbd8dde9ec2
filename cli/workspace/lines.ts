/** One line of a comparison: in both, only in the old text, only in the new one. */
export interface Line {
  sign: ' ' | '-' | '+';
  text: string;
}

/** How one text becomes another, line by line: by their longest common subsequence. */
export function compareLines(old: string, fresh: string): Line[] {
  const [a, b] = [old.trimEnd().split('\n'), fresh.trimEnd().split('\n')];
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: Line[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i++]! });
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push({ sign: '-', text: a[i++]! });
    else lines.push({ sign: '+', text: b[j++]! });
  }
  return lines;
}

/** The changed lines with so many around them; null stands for a gap. */
export function nearChanges(lines: readonly Line[], around = 2): (Line | null)[] {
  const near = (i: number): boolean => lines.slice(Math.max(0, i - around), i + around + 1).some(({ sign }) => sign !== ' ');
  return lines.flatMap((line, i) => (near(i) ? [line] : i > 0 && near(i - 1) ? [null] : []));
}
