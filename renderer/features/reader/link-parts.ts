export interface LinkParts {
  readonly before: string;
  /** The one part that says whom one deals with: the host, or of a mail link the recipients. */
  readonly host: string;
  readonly after: string;
}

/**
 * A link in three parts, as the system will open it. International hosts stand in their ASCII form, in which letters
 * that merely look alike are told apart.
 */
export function linkParts(link: string): LinkParts {
  const url = URL.parse(link);
  if (url === null) return { before: '', host: link, after: '' };
  if (url.protocol === 'mailto:') return { before: 'mailto:', host: url.pathname, after: url.search };
  const [, start = '', rest = ''] = /^(.*?:\/\/(?:[^/?#]*@)?)(.*)$/s.exec(url.href) ?? [];
  return { before: start, host: url.host, after: rest.slice(url.host.length) };
}
