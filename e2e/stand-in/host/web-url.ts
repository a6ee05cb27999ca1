/**
 * Chromium knows no scheme of an app. So each `app://host/path` is shown to it as
 * `https://host.app.stand-in.invalid/path`, an origin of its own, whose every request is answered here: the
 * top-level domain is reserved (RFC 6761) and never resolves.
 */
export const domain = 'stand-in.invalid';

const schemes = new Set<string>();

export function registerScheme(scheme: string): void {
  schemes.add(scheme);
}

/** As Chromium sees it. */
export function toWeb(url: string): string {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (!schemes.has(scheme)) return url;
  return `https://${host}.${scheme}.${domain}${rest === '' || rest.startsWith('/') ? rest : `/${rest}`}`;
}

/** As the app sees it. */
export function fromWeb(url: string): string {
  const [, host = '', scheme = '', rest = ''] =
    /^https:\/\/([^/?#]*)\.([^./?#]+)\.stand-in\.invalid(.*)$/is.exec(url) ?? [];
  return schemes.has(scheme) ? `${scheme}://${host}${rest}` : url;
}

export function isOfScheme(url: string): boolean {
  return schemes.has(url.slice(0, url.indexOf(':')));
}

/** A content security policy that names the app's schemes, as Chromium must read it. */
export function policyToWeb(policy: string): string {
  return policy.replaceAll(
    /(?<=^|[\s;,])([a-z][a-z0-9+.-]*):(\/\/[^\s;,]+)?(?=$|[\s;,])/gi,
    (source, scheme, rest) => {
      if (!schemes.has(scheme)) return source;
      return rest === undefined ? `https://*.${scheme}.${domain}` : toWeb(source);
    },
  );
}
