import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as v from 'valibot';
import {
  type BulletinPayload,
  bulletinPayload,
  bulletinsIn,
  readBulletin,
} from '../engine/failover/bulletin-format.ts';
import { refusalOf } from '../engine/failover/core/bulletin.ts';
import { type BulletinKey, signBulletin, thumbprintOf } from '../engine/failover/sign-bulletin.ts';

const usage = `npm run bulletin -- key FILE
  Makes a key and says its fingerprint, which goes into the policy: bulletins.keys, or bulletins.graveKeys for the one
  that may declare incidents. FILE is the secret: keep it off the network.

npm run bulletin -- sign KIND --key FILE --matter NAME --issuer TEXT [--board FILE] [...]
  KIND: outage, maintenance, drill, incident, or end, which ends whatever the matter was.
  --from TIME --until TIME    the window of maintenance and drills, e.g. 2026-11-28T21:00+01:00
  --text LANGUAGE=TEXT        what the banner says besides, in en, de, es, fr, it; may be given for each
  --domain, --group, --address, --platform NAME, --percentage N   whom it concerns; may be given several times
  --days N                    how long it may be taken (an outage also ends then); 30, for an end 365
  --sequence N                greater than that of the matter's last one; the seconds since 1970 unless given
  --board FILE                adds it to this file in place of the matter's last one; otherwise it is printed
  To move or shorten a window, sign it again under the same matter.

npm run bulletin -- verify FILE [--trust FINGERPRINT] [--grave FINGERPRINT]
  Says what each bulletin of a file says, and whether a laptop would believe it now.
  Ends with 0 when it would believe all of them, else with 1.`;

const many = { type: 'string', multiple: true } as const;
const one = { type: 'string' } as const;
const options = {
  key: one,
  matter: one,
  issuer: one,
  from: one,
  until: one,
  text: many,
  domain: many,
  group: many,
  address: many,
  platform: many,
  percentage: one,
  days: one,
  sequence: one,
  board: one,
  trust: many,
  grave: many,
  help: { type: 'boolean' },
} as const;

/** What is wrong with what was typed. */
class Mistake extends Error {}

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command, argument, ...tooMany] = positionals;
  if (values.help === true) console.log(usage);
  else if (command === undefined || argument === undefined || tooMany.length > 0) throw new Mistake(usage);
  else if (command === 'key') await makeKey(argument);
  else if (command === 'sign') await sign(argument, values);
  else if (command === 'verify') process.exitCode = await verify(argument, values);
  else throw new Mistake(usage);
} catch (error) {
  if (!(error instanceof Mistake || error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

async function makeKey(file: string): Promise<void> {
  if (existsSync(file)) throw new Mistake(`${file} exists already.`);
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const key = (await exportJWK(privateKey)) as BulletinKey;
  writeFileSync(file, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' });
  console.log(await thumbprintOf(key));
}

async function sign(kind: string, values: Values): Promise<void> {
  const { key: keyFile, board } = values;
  if (keyFile === undefined) throw new Mistake('By which key? --key FILE');
  const now = Math.floor(Date.now() / 1000);
  const days = Number(values.days ?? (kind === 'end' ? 365 : 30));
  const lists = {
    domains: values.domain,
    groups: values.group,
    addresses: values.address,
    platforms: values.platform,
    percentage: values.percentage === undefined ? undefined : Number(values.percentage),
  };
  const scope = Object.fromEntries(Object.entries(lists).filter(([, value]) => value !== undefined));
  const texts = Object.fromEntries(
    (values.text ?? []).map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
  const unknownLanguage = Object.keys(texts).find((language) => !/^(en|de|es|fr|it)$/.test(language));
  if (unknownLanguage !== undefined)
    throw new Mistake(`--text LANGUAGE=TEXT: no language ${unknownLanguage}`);
  const payload = {
    issuer: values.issuer,
    matter: values.matter,
    sequence: Number(values.sequence ?? now),
    kind,
    iat: now,
    exp: now + Math.round(days * 86_400),
    ...(values.from === undefined && values.until === undefined
      ? {}
      : { window: { from: seconds(values.from), until: seconds(values.until) } }),
    ...(Object.keys(scope).length === 0 ? {} : { scope }),
    ...(Object.keys(texts).length === 0 ? {} : { texts }),
  };
  const checked = v.safeParse(bulletinPayload, payload);
  if (!checked.success) {
    const reasons = checked.issues.map((issue) => `${v.getDotPath(issue) ?? 'bulletin'}: ${issue.message}`);
    throw new Mistake(`This is no bulletin.\n${reasons.join('\n')}\n\nSee --help.`);
  }
  const jws = await signBulletin(payload as BulletinPayload, JSON.parse(readFileSync(keyFile, 'utf8')));
  if (board === undefined) return console.log(jws);
  const others = existsSync(board)
    ? readFileSync(board, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && matterOf(line) !== payload.matter)
    : [];
  writeFileSync(`${board}.new`, `${[...others, jws].join('\n')}\n`);
  renameSync(`${board}.new`, board);
}

function seconds(time: string | undefined): number {
  const at = Date.parse(time ?? '');
  if (Number.isNaN(at)) throw new Mistake('A window needs --from TIME and --until TIME.');
  return Math.floor(at / 1000);
}

function matterOf(line: string): unknown {
  try {
    return decodeJwt(line).matter;
  } catch {
    return null;
  }
}

async function verify(file: string, values: Values): Promise<number> {
  const { bulletins, rest } = bulletinsIn(readFileSync(file, 'utf8'));
  const trusted = { keys: values.trust ?? [], graveKeys: values.grave ?? [] };
  let isBelieved = rest === '';
  if (rest !== '') console.log('Some lines are no bulletins.');
  for (const jws of bulletins) {
    const read = await readBulletin(jws);
    const refusal = read.ok
      ? refusalOf(read.value.bulletin, read.value.key, null, trusted, Date.now())
      : read.error;
    isBelieved &&= refusal === null;
    console.log(refusal === null ? 'believed' : `refused: ${refusal}`);
    if (!read.ok) continue;
    const { bulletin, key } = read.value;
    console.log(`  key ${key}`);
    console.log(`  ${JSON.stringify(bulletin)}`);
  }
  return isBelieved ? 0 : 1;
}
