import * as oauth from 'openid-client';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { ProviderName } from '../../../shared/model/account.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { DeviceCode, SignInStatus } from '../../../shared/model/sign-in.ts';
import type { AuthenticationSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import type { CredentialSource, Credentials } from '../mail/types.ts';
import type { Fetch } from '../net/https-fetch.ts';
import type { Announce, Clock, Logger, OpenBrowser, SecretName, Secrets } from '../ports.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { listenForRedirect } from './loopback-redirect.ts';
import { createOAuthProvider, type OAuthSettings, type Tokens } from './oauth-provider.ts';
import { createPasswordSource } from './passwords.ts';
import { returnPage } from './return-page.ts';
import { createStanding, type Standing } from './standing.ts';

/** A person who has not come back from the browser by then has given up, in milliseconds. */
const browserMs = 15 * 60_000;

export interface SignInSetup {
  readonly account: { readonly id: AccountId; readonly address: string };
  readonly provider: ProviderName;
  readonly settings: AuthenticationSettings;
  readonly db: Database;
  readonly secrets: Secrets;
  readonly fetch: Fetch;
  readonly openBrowser: OpenBrowser;
  /** Opens a session with these credentials and closes it. */
  readonly tryCredentials: (credentials: Credentials) => Promise<Result<null, AppError>>;
  /** The person's, e.g. "de-AT". */
  readonly locale: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
  /** Credentials can be had again, after a time in which they could not: whoever waits may go on. */
  readonly onUsable: () => void;
}

/** The sign-in of one account at one of its providers. */
export interface SignIn {
  readonly credentials: CredentialSource;
  status(): SignInStatus;
  /** A session was opened with these credentials. */
  letIn(): void;
  begin(way: 'browser' | 'deviceCode'): Promise<Result<null, AppError>>;
  cancel(): Result<null, AppError>;
  /** `input.invalid` where the provider takes no password; what the server says about it otherwise. */
  password(password: string): Promise<Result<null, AppError>>;
  /** Something else has put credentials into the key store. */
  secretChanged(): void;
  laptopWoke(): void;
  start(): void;
  stop(): void;
}

export function createSignIn(setup: SignInSetup): SignIn {
  const { account, provider, settings, db, secrets, clock, announce } = setup;
  const standing = createStanding({
    accountId: account.id,
    provider,
    method: settings.kind === 'oauth' ? 'browser' : 'password',
    db,
    clock,
    announce,
  });
  const name: SecretName = { address: account.address, provider };
  const secret = {
    get: () => secrets.get(name),
    put: (value: string) => secrets.put(name, value),
  };
  return settings.kind === 'oauth'
    ? signInByBrowser(setup, settings, standing, secret)
    : signInByPassword(setup, settings.user, standing, secret);
}

interface Secret {
  get(): ReturnType<Secrets['get']>;
  put(value: string): ReturnType<Secrets['put']>;
}

function signInByPassword(setup: SignInSetup, user: string, standing: Standing, secret: Secret): SignIn {
  const { tryCredentials, onUsable } = setup;
  return {
    credentials: createPasswordSource({ user, secret, standing }),
    status: standing.status,
    letIn: standing.accepted,
    begin: async () => err(appError('input.invalid', 'never', { part: 'way' })),
    cancel: () => ok(null),
    password: async (password) => {
      const tried = await tryCredentials({ kind: 'password', user, password });
      if (!tried.ok) return tried;
      const kept = await secret.put(password);
      if (!kept.ok) return kept;
      standing.accepted();
      onUsable();
      return ok(null);
    },
    secretChanged: onUsable,
    laptopWoke: () => {},
    start: () => {
      void secret.get().then((stored) => {
        if (!stored.ok && stored.error.code === 'auth.missing') standing.needed('missing');
      });
    },
    stop: () => {},
  };
}

function signInByBrowser(
  setup: SignInSetup,
  settings: OAuthSettings,
  standing: Standing,
  secret: Secret,
): SignIn {
  const { clock, log, onUsable } = setup;
  const provider = createOAuthProvider(settings, setup.fetch, clock);
  const tokens: AccessTokens = createAccessTokens({
    user: settings.user,
    provider,
    secret,
    standing,
    clock,
    log,
    onUsable,
  });
  /** Ends what the person was sent to do; another beginning does as well. */
  let cancel = (): void => {};

  /** Lets the person be elsewhere until `outcome`, or until they have given up. */
  const wait = (
    deviceCode: DeviceCode | null,
    outcome: Promise<Result<Tokens, AppError>>,
    end: () => void,
  ): void => {
    cancel();
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      end();
      standing.waiting(null);
    };
    cancel = over;
    standing.waiting({ deviceCode });
    void outcome.then(async (signedIn) => {
      if (isOver) return;
      const adopted = signedIn.ok ? await tokens.adopt(signedIn.value) : signedIn;
      if (!adopted.ok) log.warn('not signed in', { code: adopted.error.code });
      over();
    });
  };

  const beginByDeviceCode = async (): Promise<Result<null, AppError>> => {
    const begun = await provider.beginByDeviceCode();
    if (!begun.ok) return begun;
    const stopping = new AbortController();
    const { deviceCode, finish } = begun.value;
    wait(deviceCode, finish(stopping.signal), () => stopping.abort());
    return ok(null);
  };

  const beginInBrowser = async (): Promise<Result<null, AppError>> => {
    const state = oauth.randomState();
    const redirect = await listenForRedirect(state);
    const begun = await provider.beginInBrowser(redirect.uri, state);
    const opened = begun.ok ? await setup.openBrowser(begun.value.url) : begun;
    if (!begun.ok || !opened.ok) {
      redirect.close();
      if (!begun.ok) return begun;
      log.warn('the browser cannot be opened', { code: opened.ok ? '' : opened.error.code });
      return beginByDeviceCode();
    }
    const { promise: gaveUp, resolve: giveUp } = Promise.withResolvers<Result<Tokens, AppError>>();
    const cancelTimer = clock.after(browserMs, () =>
      giveUp(err(appError('auth.missing', 'afterUserAction'))),
    );
    const cameBack = redirect.arrived.then(async ({ url, show }) => {
      const signedIn = await begun.value.finish(url);
      show(returnPage(signedIn.ok, setup.locale));
      return signedIn;
    });
    wait(null, Promise.race([cameBack, gaveUp]), () => {
      cancelTimer();
      redirect.close();
    });
    return ok(null);
  };

  return {
    credentials: tokens.source,
    status: standing.status,
    letIn: tokens.letIn,
    begin: (way) => {
      cancel();
      return way === 'browser' ? beginInBrowser() : beginByDeviceCode();
    },
    cancel: () => {
      cancel();
      return ok(null);
    },
    password: async () => err(appError('input.invalid', 'never', { part: 'password' })),
    secretChanged: tokens.secretChanged,
    laptopWoke: tokens.look,
    start: tokens.start,
    stop: () => {
      cancel();
      tokens.stop();
    },
  };
}
