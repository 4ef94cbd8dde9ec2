export { scoring } from './scoring.ts';
export { sweep } from './sweep.ts';
