/**
 * The Message-IDs in a message's header: its own, and the one it had before a server renamed it
 * (X-Microsoft-Original-Message-ID). Without angle brackets. `source` may be the header alone or the whole message.
 */
export function messageIdsOf(source: Uint8Array): readonly string[] {
  const text = Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString('latin1');
  const end = text.search(/\r?\n\r?\n/);
  const header = (end === -1 ? text : text.slice(0, end)).replace(/\r?\n[ \t]+/g, ' ');
  const fields = header.matchAll(/^(?:Message-ID|X-Microsoft-Original-Message-ID)[ \t]*:(.*)$/gim);
  return [...fields]
    .map(([, value = '']) => /<([^<>]*)>/.exec(value)?.[1] ?? value)
    .map((id) => id.trim())
    .filter((id) => id !== '');
}
