export { calls } from './calls.ts';
export { delivery } from './delivery.ts';
export { mailbox } from './mailbox.ts';
export { nurture } from './nurture.ts';
export { qualification } from './qualification.ts';
export { scoring } from './scoring.ts';
export { segments } from './segments.ts';
export { sweep } from './sweep.ts';
