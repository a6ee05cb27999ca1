import https from 'node:https';

/** What a person does in a browser at the identity provider: cookies, links, forms, and nothing more. */
export interface Person {
  readonly address: string;
  readonly password: string;
  /** Answers the question for consent with "Cancel". */
  readonly declines?: boolean;
}

interface Page {
  readonly url: URL;
  readonly html: string;
}

/**
 * Opens a link as a browser does, signs in and consents, until the provider leads elsewhere: yields that address, not
 * opened yet. Null when it ends on a page of the provider's (device code).
 */
export async function signInAt(link: string, person: Person): Promise<URL | null> {
  const browser = new Browser(new URL(link).origin);
  let met = await browser.open(new URL(link));
  for (let step = 0; step < 10; step += 1) {
    if (met instanceof URL) return met;
    const form = formOn(met);
    if (form === null) return null;
    if (form.fields.has('login')) form.fields.set('login', person.address);
    if (form.fields.has('password')) form.fields.set('password', person.password);
    const isConsent = form.hasAnswer && !form.fields.has('login');
    if (form.hasAnswer) form.fields.set('answer', isConsent && person.declines === true ? 'no' : 'yes');
    met = await browser.open(form.action, form.fields);
  }
  throw new Error('the provider asks without end');
}

/** Types the code on the provider's page, signs in and consents. */
export async function enterDeviceCode(page: string, userCode: string, person: Person): Promise<void> {
  const link = new URL(page);
  link.searchParams.set('user_code', userCode);
  await signInAt(link.href, person);
}

class Browser {
  readonly #cookies = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Follows redirects within the provider; yields the address of any other. */
  async open(url: URL, form?: URLSearchParams): Promise<Page | URL> {
    if (url.origin !== this.#origin) return url;
    const { status, location, html } = await this.#request(url, form);
    return status >= 300 && status < 400 && location !== undefined
      ? this.open(new URL(location, url))
      : { url, html };
  }

  #request(
    url: URL,
    form?: URLSearchParams,
  ): Promise<{ status: number; location: string | undefined; html: string }> {
    const body = form?.toString();
    return new Promise((resolve, reject) => {
      const request = https.request(url, {
        method: body === undefined ? 'GET' : 'POST',
        rejectUnauthorized: false,
        agent: false,
        headers: {
          cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
      });
      request.on('error', reject);
      request.on('response', (response) => {
        for (const cookie of response.headers['set-cookie'] ?? []) this.#keep(cookie);
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            location: response.headers.location,
            html: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      request.end(body);
    });
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const at = pair.indexOf('=');
    if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

function formOn({ url, html }: Page) {
  const form = /<form[^>]*>/.exec(html)?.[0];
  if (form === undefined) return null;
  const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  const fields = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input[^>]*>/g))
    fields.set(attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '');
  return {
    action: new URL(attribute(form, 'action') ?? url.href, url),
    fields,
    hasAnswer: html.includes('name="answer"'),
  };
}
