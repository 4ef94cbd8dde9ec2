import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { campaignPage } from '../domain/campaign/page/page.ts';

// `npm run docs`: writes docs/campaign-language.md anew from the schemas.
writeFileSync(fileURLToPath(new URL('../docs/campaign-language.md', import.meta.url)), campaignPage());
