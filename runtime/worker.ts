import { runRole } from './run-role.ts';

// `npm run start:worker`: the loops, cases and jobs alone, in production. As many as you like.
await runRole('worker');
