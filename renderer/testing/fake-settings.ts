import type { Topic } from '../../shared/contract/events.ts';
import type { BridgeApi } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import type { ProviderName } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { SignInState } from '../../shared/model/sign-in.ts';
import type { Result } from '../../shared/result.ts';
import { account } from './sample-mail.ts';
import type { Scene } from './scenes.ts';

type Answer = <T>(method: string, input: unknown, make: () => T) => Promise<Result<T, AppError>>;

/** The part of the bridge behind the settings and the sign-in: what is changed there stays changed in the scene. */
export function settingsBridge(
  scene: Scene,
  answer: Answer,
  changed: (topic: Topic) => void,
): Pick<BridgeApi, 'app' | 'identities' | 'keyStore' | 'policy' | 'readiness' | 'signIn'> {
  let { status, signIns, identities, readiness, keyProtection, policy } = scene;
  /** Answers, and lets what the answer changed be asked for again. */
  const change = async <T>(method: string, input: unknown, topics: readonly Topic[], make: () => T) => {
    const answered = await answer(method, input, make);
    if (answered.ok) topics.forEach(changed);
    return answered;
  };
  const setSignIn = (accountId: AccountId, provider: ProviderName, state: SignInState) => {
    signIns = signIns.map((one) =>
      one.accountId === accountId && one.provider === provider ? { ...one, state } : one,
    );
    return null;
  };
  const setSetting = (name: string, change: { value?: string; source: 'person' | 'product' }) => {
    policy = {
      ...policy,
      settings: policy.settings.map((one) => (one.name === name ? { ...one, ...change } : one)),
    };
    return null;
  };
  return {
    app: {
      status: (input) => answer('app.status', input, () => status),
      openLink: (input) => answer('app.openLink', input, () => null),
    },
    identities: {
      list: (input) => answer('identities.list', input, () => identities),
      setSignature: (input) =>
        change('identities.setSignature', input, ['identities'], () => {
          const { address, signature } = input;
          identities = identities.map((one) => (one.address === address ? { ...one, signature } : one));
          return null;
        }),
      addAlias: (input) =>
        change('identities.addAlias', input, ['identities'], () => {
          const { address, displayName } = input;
          identities = [
            ...identities,
            {
              address,
              displayName,
              kind: 'alias',
              signature: '',
              unavailable: 'notByContinuity',
              isByHand: true,
            },
          ];
          return null;
        }),
      removeAlias: (input) =>
        change('identities.removeAlias', input, ['identities'], () => {
          identities = identities.filter(({ address }) => address !== input.address);
          return null;
        }),
    },
    keyStore: {
      status: (input) => answer('keyStore.status', input, () => keyProtection),
      newRecoveryCode: (input) =>
        change('keyStore.newRecoveryCode', input, ['keyStore'], () => {
          keyProtection = { ...keyProtection, recovery: 'code' };
          return { code: '7K2MF-9QX4T-HB6WD-3ZRPN-8VYJC-5EG1A' };
        }),
      recover: (input) => answer('keyStore.recover', input, () => null),
      rotate: (input) =>
        change('keyStore.rotate', input, ['keyStore'], () => {
          keyProtection = { ...keyProtection, keyMadeAt: Date.now() };
          return null;
        }),
      onlyHere: (input) => answer('keyStore.onlyHere', input, () => scene.onlyHere),
      wipe: (input) => answer('keyStore.wipe', input, () => null),
    },
    policy: {
      effective: (input) => answer('policy.effective', input, () => policy),
      change: (input) =>
        change('policy.change', input, ['policy'], () =>
          setSetting(input.name, { value: input.value, source: 'person' }),
        ),
      reset: (input) =>
        change('policy.reset', input, ['policy'], () => setSetting(input.name, { source: 'product' })),
    },
    readiness: {
      report: (input) => answer('readiness.report', input, () => readiness),
      rehearse: (input) =>
        answer('readiness.rehearse', input, () => {
          const rehearsed = {
            accountId: input.accountId,
            level: 'good' as const,
            todo: null,
            drills: [],
            checks: [
              { name: 'rehearsal' as const, level: 'good' as const, at: Date.now(), error: null, todo: null },
            ],
          };
          readiness = [rehearsed];
          return rehearsed;
        }),
    },
    signIn: {
      status: (input) => answer('signIn.status', input, () => signIns),
      begin: (input) =>
        change('signIn.begin', input, ['signIn'], () =>
          setSignIn(input.accountId, input.provider, {
            kind: 'waiting',
            deviceCode:
              input.way === 'browser'
                ? null
                : {
                    userCode: 'WDJB-MJHT',
                    verificationUrl: 'https://login.nordlicht.example/device',
                    expiresAt: Date.now() + 900_000,
                  },
          }),
        ),
      cancel: (input) =>
        change('signIn.cancel', input, ['signIn'], () =>
          setSignIn(input.accountId, input.provider, { kind: 'needed', reason: 'missing' }),
        ),
      password: (input) =>
        change('signIn.password', input, ['signIn'], () =>
          setSignIn(input.accountId, input.provider, { kind: 'good' }),
        ),
      enrol: (input) =>
        change('signIn.enrol', input, ['signIn', 'app'], () => {
          status = { ...status, accounts: [account], problems: [] };
          setSignIn(account.id, 'continuity', { kind: 'good' });
          return { address: account.address };
        }),
    },
  };
}
