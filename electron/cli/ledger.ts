import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { csvOf, mergeLedgers } from '../engine/ledger/fleet.ts';
import { type LedgerFault, type VerifiedLedger, verifyLedgerFile } from '../engine/ledger/ledger-file.ts';

const usage = `npm run ledger -- verify FILE... [--device FINGERPRINT] [--provider FINGERPRINT]
  Says of each file whether it is as a laptop wrote it, by which device and when it was signed, whether the provider
  has countersigned it, and how many messages it tells of. Compare the number and the date with what the laptop shows: a file that ends earlier is an earlier one.

npm run ledger -- merge FILE... [--device FINGERPRINT] [--provider FINGERPRINT]
  One table of all files as CSV, one row for each message of each account and for each change, and the total on standard error.
  Nothing is written when one file is not as a laptop wrote it, or two of one laptop contradict each other.

  --device FINGERPRINT     believes these devices and no other; may be given several times
  --provider FINGERPRINT   demands a countersignature by one of these; may be given several times
  Ends with 0 when every file is as it was written, else with 1.`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'string', multiple: true },
    provider: { type: 'string', multiple: true },
    help: { type: 'boolean', default: false },
  },
});
const [command, ...files] = positionals;
const signers = (given: readonly string[] | undefined) => (given === undefined ? null : new Set(given));
const trusted = { devices: signers(options.device), providers: signers(options.provider) };

if ((command !== 'verify' && command !== 'merge') || files.length === 0 || options.help) {
  console.log(usage);
  process.exitCode = options.help ? 0 : 2;
} else {
  const ledgers: VerifiedLedger[] = [];
  for (const file of files) {
    const ledger = await read(file);
    if (ledger === null) process.exitCode = 1;
    else ledgers.push(ledger);
  }
  if (command === 'verify') for (const ledger of ledgers) console.log(sentenceOn(ledger));
  else if (ledgers.length === files.length) merge(ledgers);
}

async function read(file: string): Promise<VerifiedLedger | null> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    console.error(`${file}: cannot be read.`);
    return null;
  }
  const verified = await verifyLedgerFile(text, trusted);
  if (verified.ok) return verified.value;
  console.error(`${file}: ${sentenceOf(verified.error)}`);
  return null;
}

function sentenceOf(fault: LedgerFault): string {
  if (fault.kind === 'line')
    return `line ${fault.line} does not follow from those before: the file was changed.`;
  if (fault.kind === 'end')
    return `${fault.told} lines were signed and ${fault.found} are there, or the last one is another: the file was changed.`;
  if (fault.kind === 'countersignature')
    return 'its head is not countersigned by a provider that is believed, or what stands for that signature is none.';
  return 'it does not end with the signature of a device that is believed: it was cut off, changed, or is no ledger.';
}

function sentenceOn(ledger: VerifiedLedger): string {
  const { messages, back } = mergeLedgers([ledger]);
  const { countersigned: other } = ledger;
  const countersigned =
    other === null ? 'not countersigned' : `countersigned ${other.at} by ${other.provider}`;
  return `${ledger.account}: as it was written. ${ledger.lines.length} lines on ${messages.length} messages, ${back} of them back in Exchange; signed ${ledger.signedAt} by ${ledger.device}; ${countersigned}.`;
}

function merge(ledgers: readonly VerifiedLedger[]): void {
  const { messages, changes, back, contradictions } = mergeLedgers(ledgers);
  if (contradictions.length > 0) {
    for (const { account, device } of contradictions)
      console.error(`${account}: two files signed by ${device} contradict each other.`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(csvOf([...messages, ...changes]));
  console.error(`${back} of ${messages.length} back in Exchange.`);
}
