import type { MailToFile } from '../../e2e/lab/fill.ts';

const day = 86_400_000;
const megabyte = 1024 * 1024;
/** In bytes, before base64: as in mailboxes at work. */
const sizes = {
  text: { median: 1800, sigma: 1.0, most: 60_000 },
  attachment: { median: 65_000, sigma: 1.25, most: 1_900_000 },
};
const shareWithAttachments = 0.18;
/** One folder takes most: a row of the table is about a single one. */
const folders = [
  ['INBOX', 0.7],
  ['Sent Items', 0.2],
  ['Archive', 0.1],
] as const;

/**
 * A mailbox of about 50 KB a message: conversations of one to six over the last 170 days; median 16 KB, 18 in a hundred with
 * attachments that do not compress; words as unequal as in a language. The same at every call but for its dates.
 */
export function benchMailbox(messages: number, now: number) {
  return folders.map(([folder, share], index) => ({
    folder,
    mails: mailsOf(Math.round(messages * share), index + 1, now),
  }));
}

function* mailsOf(count: number, seed: number, now: number): Generator<MailToFile> {
  const random = randomFrom(seed);
  const words = vocabulary(random);
  const noise = Buffer.from(Uint8Array.from({ length: 4 * megabyte }, () => random() * 256)).toString(
    'base64',
  );
  for (let number = 0; number < count; ) {
    const length = Math.min(1 + Math.floor(random() ** 2 * 6), count - number);
    for (let reply = 0; reply < length; reply += 1, number += 1) {
      const date = new Date(now - 170 * day + ((170 * day) / count) * number);
      const id = (of: number): string => `<${seed}.${number - reply + of}@bench.example>`;
      const chosen = (): string => words[Math.floor(random() ** 3 * words.length)] ?? '';
      const text = prose(sample(sizes.text, random), chosen);
      const header = [
        `From: ${chosen()} ${chosen()} <${chosen()}@far.example>`,
        'To: Alice Berg <alice@corp.example>',
        `Subject: ${reply > 0 ? 'Re: ' : ''}${chosen()} ${chosen()} ${seed}.${number - reply}`,
        `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
        `Message-ID: ${id(reply)}`,
        ...(reply === 0
          ? []
          : [
              `In-Reply-To: ${id(reply - 1)}`,
              `References: ${Array.from({ length: reply }, (_, of) => id(of)).join('\r\n ')}`,
            ]),
        'MIME-Version: 1.0',
      ];
      const attached = random() < shareWithAttachments ? 1 + Math.floor(random() * 2) : 0;
      const files = Array.from({ length: attached }, (_, file) => attachment(noise, file, random));
      yield {
        source: Buffer.from(`${header.join('\r\n')}\r\n${body(text, files)}`),
        flags: random() < 0.9 ? ['\\Seen'] : [],
        date,
      };
    }
  }
}

function body(text: string, files: readonly string[]): string {
  const html = `<html><head><style>${style}</style></head><body>${text
    .split('\r\n')
    .map(
      (line) => `<p class="MsoNormal"><span style="font-size:11.0pt;font-family:Calibri">${line}</span></p>`,
    )
    .join('\r\n')}</body></html>`;
  const alternative = `Content-Type: multipart/alternative; boundary="in"\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n--in\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n--in--\r\n`;
  return files.length === 0
    ? alternative
    : `Content-Type: multipart/mixed; boundary="out"\r\n\r\n--out\r\n${alternative}${files.map((file) => `--out\r\n${file}`).join('')}--out--\r\n`;
}

function attachment(noise: string, file: number, random: () => number): string {
  const length = Math.min(noise.length / 2, Math.round((sample(sizes.attachment, random) * 4) / 3 / 76) * 76);
  const from = Math.floor((random() * (noise.length - length)) / 4) * 4;
  const lines = noise.slice(from, from + length).replace(/.{76}/g, '$&\r\n');
  return `Content-Type: application/pdf; name="report-${file}.pdf"\r\nContent-Disposition: attachment; filename="report-${file}.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
}

function prose(length: number, word: () => string): string {
  const lines: string[] = [];
  for (let written = 0; written < length; ) {
    const line = Array.from({ length: 12 }, word).join(' ');
    lines.push(line);
    written += line.length;
  }
  return lines.join('\r\n');
}

/** Log-normal. */
function sample(of: { median: number; sigma: number; most: number }, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(of.most, Math.round(of.median * Math.exp(of.sigma * normal)));
}

function vocabulary(random: () => number): readonly string[] {
  const letters = 'eeeeaaaoioiunrstlnrstldmcpbgvfhwkz';
  const letter = (): string => letters[Math.floor(random() * letters.length)] ?? 'e';
  return Array.from({ length: 30_000 }, () =>
    Array.from({ length: 3 + Math.floor(random() * 8) }, letter).join(''),
  );
}

/** What Outlook puts before everything. */
const style = Array.from(
  { length: 40 },
  (_, index) =>
    `p.MsoNormal${index}, li.MsoNormal${index} {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}`,
).join('\r\n');

/** mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
