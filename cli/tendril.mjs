#!/usr/bin/env node
import { main } from '../runtime/bootstrap.mjs';

await main(process.argv.slice(2));
