import type { AppError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import type { ServerSettings } from '../../../shared/policy/account-settings.ts';
import type { Result } from '../../../shared/result.ts';
import type { FrozenMessage, HandedMessage } from '../cache/queries/outbox-store.ts';
import type {
  CredentialSource,
  ImapSession,
  SubmissionOutcome,
  SubmissionRequest,
  Submit,
} from '../mail/types.ts';
import { visitFolder } from '../mail/visit-folder.ts';
import type { OwnedBy, Owner } from '../owner.ts';
import { owned } from '../owner.ts';

/** The servers and credentials of one account, by route. */
export interface DoorSetup {
  readonly submit: Submit;
  readonly server: (route: Route) => ServerSettings;
  readonly credentials: (route: Route) => CredentialSource;
  readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
}

/** The ways out of one account, through which nothing of another can leave: it would not type check. */
export interface Doors<A> extends OwnedBy<A> {
  submit(
    route: Route,
    message: FrozenMessage<A>,
    tell: Pick<SubmissionRequest, 'beforeDot' | 'met'>,
  ): Promise<SubmissionOutcome>;
  /** Opens the Sent folder of a route for as long as `use` runs. */
  withSentFolder(
    route: Route,
    use: (folder: SentFolder<A>) => Promise<Result<null, AppError>>,
  ): Promise<Result<null, AppError>>;
}

/** The Sent folder of one account on one route, over one connection. */
export interface SentFolder<A> {
  has(message: HandedMessage<A>): Promise<Result<boolean, AppError>>;
  file(message: HandedMessage<A>, frozen: FrozenMessage<A>): Promise<Result<unknown, AppError>>;
}

/** A server's clock and this laptop's may differ by this much. */
const clockTolerance: EpochMs = 24 * 60 * 60_000;

export function createDoors<A>(owner: Owner<A>, setup: DoorSetup): Doors<A> {
  return owned(owner, {
    submit: (
      route: Route,
      { envelope, mime }: FrozenMessage<A>,
      tell: Pick<SubmissionRequest, 'beforeDot' | 'met'>,
    ) =>
      setup.submit({
        route,
        server: setup.server(route),
        credentials: setup.credentials(route),
        envelope,
        source: mime,
        ...tell,
      }),

    withSentFolder: async (
      route: Route,
      use: (folder: SentFolder<A>) => Promise<Result<null, AppError>>,
    ): Promise<Result<null, AppError>> => {
      return visitFolder(
        () => setup.openSession(route),
        'sent',
        (session, path) =>
          use({
            has: async ({ internetMessageId, createdAt }) => {
              const found = await session.find(path, internetMessageId, createdAt - clockTolerance);
              return found.ok ? { ok: true, value: found.value !== null } : found;
            },
            file: ({ sentAt }, { mime }) => session.append(path, mime, ['\\Seen'], sentAt),
          }),
      );
    },
  });
}
