import fc from 'fast-check';

/** `npm run test:deep` asks for more runs of each property. */
const runs = Number(process.env.PROPERTY_RUNS);
if (runs > 0) fc.configureGlobal({ numRuns: runs });
