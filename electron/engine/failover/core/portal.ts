/**
 * What an HTTP answer says about the network. `expected`: nobody stands in between. `portal`: somebody else answered, and
 * wants a sign-in first. `nothing`: e.g. a company's filter that forbids the page, or a site that insists on HTTPS.
 */
export type PortalAnswer = 'expected' | 'portal' | 'nothing';

/** `answer`: the bytes as they came, as text; `expected`: what stands in the page where nobody is in between. */
export function judgePortal(answer: string, url: URL, expected: string): PortalAnswer {
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  if (status === 200) return rest.join('\r\n\r\n').includes(expected) ? 'expected' : 'portal';
  // RFC 6585 section 6.
  if (status === 511) return 'portal';
  if (![301, 302, 303, 307, 308].includes(status)) return 'nothing';
  const location = /^location:\s*(\S+)/im.exec(head)?.[1] ?? '';
  const target = URL.parse(location, url.href);
  return target === null || target.hostname === url.hostname ? 'nothing' : 'portal';
}
