import type { Address } from '../../../shared/model/address.ts';

/** Addresses as typed, separated by commas, semicolons or lines: "Anna Berg <anna@corp.example>, bob@x.example". */
export function readRecipients(text: string): readonly Address[] {
  return splitOutsideQuotes(text)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const named = /^(?<name>.*?)\s*<(?<address>[^<>]*)>$/.exec(part)?.groups;
      if (named === undefined) return { name: '', address: part };
      return { name: (named.name ?? '').replace(/^"|"$/g, ''), address: (named.address ?? '').trim() };
    });
}

export function writeRecipients(recipients: readonly Address[]): string {
  return recipients
    .map(({ name, address }) => {
      if (name === '') return address;
      return /[,;<>"]/.test(name) ? `"${name.replaceAll('"', '')}" <${address}>` : `${name} <${address}>`;
    })
    .join(', ');
}

function splitOutsideQuotes(text: string): readonly string[] {
  return text.match(/(?:"[^"]*"|[^,;\n"]|")+/g) ?? [];
}

export function isComplete({ address }: Address): boolean {
  return /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+$/.test(address);
}
