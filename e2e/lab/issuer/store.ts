import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

const belongsToGrant = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);

/** What the OpenID provider remembers, in memory, where a test can reach it. */
export class Store {
  /** Whether a refresh token that was already used is refused. Microsoft's goes on working, so that is how it begins. */
  refusesReuse = false;
  readonly #entries = new Map<string, AdapterPayload>();

  readonly adapter: AdapterFactory = (model) => this.#adapterOf(model);

  /** The refresh tokens of an account, used or not. */
  refreshTokensOf(accountId: string): readonly string[] {
    return [...this.#entries]
      .filter(([key, payload]) => key.startsWith('RefreshToken:') && payload.accountId === accountId)
      .map(([key]) => key.slice('RefreshToken:'.length));
  }

  forget(refreshToken: string): void {
    this.#entries.delete(`RefreshToken:${refreshToken}`);
  }

  #adapterOf(model: string): Adapter {
    const key = (id: string) => `${model}:${id}`;
    const findBy = (name: 'uid' | 'userCode', value: string) =>
      [...this.#entries].find(([at, payload]) => at.startsWith(`${model}:`) && payload[name] === value)?.[1];
    return {
      upsert: async (id, payload) => {
        this.#entries.set(key(id), payload);
      },
      find: async (id) => this.#entries.get(key(id)),
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      consume: async (id) => {
        const payload = this.#entries.get(key(id));
        if (payload !== undefined && (model !== 'RefreshToken' || this.refusesReuse))
          payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => {
        this.#entries.delete(key(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [at, payload] of this.#entries)
          if (payload.grantId === grantId && belongsToGrant.has(at.split(':')[0] ?? ''))
            this.#entries.delete(at);
      },
    };
  }
}
