import { runRole } from './run-role.ts';

// `npm run start:api`: the HTTP side alone, in production. As many as you like behind a load balancer.
await runRole('api');
