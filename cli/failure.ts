/** What ends a command with exit code 1: said on stderr, with what to do about it. */
export class Failure extends Error {
  readonly mend: string[];
  constructor(message: string, mend: string[] = []) {
    super(message);
    this.name = 'Failure';
    this.mend = mend;
  }
}
