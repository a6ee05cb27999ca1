import type { Address } from '../../../shared/model/address.ts';

/** Addresses as typed, separated by commas, semicolons or lines: "Anna Berg <anna@corp.example>, bob@x.example". */
export function readRecipients(text: string): readonly Address[] {
  return splitOutsideQuotes(text)
    .map((part) => part.replace(groupName, '').trim())
    .filter((part) => part !== '')
    .map((part) => {
      const named = /^(?<name>.*?)\s*<(?<address>[^<>]*)>$/.exec(part)?.groups;
      if (named === undefined) return { name: '', address: part };
      return { name: (named.name ?? '').replace(/^"|"$/g, ''), address: (named.address ?? '').trim() };
    });
}

/** What is typed last, and what stands before it as it is: "Anna <anna@corp.example>, bo" is asked about "bo". */
export function lastRecipient(text: string): { readonly before: string; readonly typed: string } {
  const at = /^(?:"[^"]*"|[^"])*[,;\n]\s*/.exec(text)?.[0].length ?? 0;
  return { before: text.slice(0, at), typed: text.slice(at) };
}

export function writeRecipients(recipients: readonly Address[]): string {
  return recipients
    .map(({ name, address }) => {
      if (name === '') return address;
      return /[,;<>"]/.test(name) ? `"${name.replaceAll('"', '')}" <${address}>` : `${name} <${address}>`;
    })
    .join(', ');
}

/** RFC 5322 section 3.4, "Team: anna@corp.example, bob@corp.example;": the name of a group is nobody's address. */
const groupName = /^\s*[^@<>":]+:(?!\/\/)/;

function splitOutsideQuotes(text: string): readonly string[] {
  return text.match(/(?:"[^"]*"|[^,;\n"]|")+/g) ?? [];
}

export function isComplete({ address }: Address): boolean {
  return /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+$/.test(address);
}
