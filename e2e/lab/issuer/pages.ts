import type { KoaContextWithOIDC, Provider } from 'oidc-provider';

type Middleware = Parameters<Provider['use']>[0];

/** What a person sees of the provider. */
export const pages = {
  show(context: Pick<KoaContextWithOIDC, 'type' | 'body'>, content: string): void {
    context.type = 'html';
    context.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head><body>${content}</body></html>`;
  },

  /** The pages for the password and for consent. */
  interactions(provider: Provider, signsIn: (address: string, password: string) => boolean): Middleware {
    return async (context, next) => {
      const [, uid] = /^\/interaction\/([\w-]+)$/.exec(context.path) ?? [];
      if (uid === undefined) return next();
      const { req, res } = context;
      const { prompt, params, grantId, session } = await provider.interactionDetails(req, res);
      const finish = (result: object) =>
        provider.interactionFinished(req, res, result as never, { mergeWithLastSubmission: true });
      const form = (fields: string) =>
        pages.show(
          context,
          `<form method="post">${fields}<button name="answer" value="yes">Continue</button><button name="answer" value="no">Cancel</button></form>`,
        );
      const loginForm = () =>
        form(
          `<input name="login" value="${String(params.login_hint ?? '')}"><input type="password" name="password">`,
        );
      if (context.method !== 'POST')
        return prompt.name === 'login' ? loginForm() : form(`<p>${String(params.scope)}</p>`);

      const answer = await formOf(req);
      context.respond = false;
      if (answer.get('answer') === 'no')
        return finish({ error: 'access_denied', error_description: 'the person declined' });
      if (prompt.name === 'login') {
        const accountId = answer.get('login') ?? '';
        if (signsIn(accountId, answer.get('password') ?? '')) return finish({ login: { accountId } });
        context.respond = true;
        return loginForm();
      }
      const grant =
        (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
        new provider.Grant({
          accountId: session?.accountId,
          clientId: String(params.client_id),
        });
      const { missingOIDCScope, missingResourceScopes } = prompt.details as {
        readonly missingOIDCScope?: readonly string[];
        readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
      };
      if (missingOIDCScope !== undefined) grant.addOIDCScope(missingOIDCScope.join(' '));
      for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {}))
        grant.addResourceScope(resource, scopes.join(' '));
      return finish({ consent: { grantId: await grant.save() } });
    };
  },
};

export async function formOf(stream: AsyncIterable<unknown>): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
