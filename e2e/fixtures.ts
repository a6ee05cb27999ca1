import { readFileSync } from 'node:fs';
import { test as base, expect } from 'playwright/test';
import { App, type LaunchOptions } from './app.ts';
import { type Lab, startLab } from './lab/lab.ts';
import { everydayQuirks } from './lab/quirks/exchange-quirks.ts';
import { quickPolicy } from './quick-policy.ts';

export interface ExchangeOptions {
  /** Exchange speaks with all its everyday quirks, and nothing may be used that it has not offered. */
  readonly isQuirky: boolean;
}

interface Story {
  /** A lab of its own for each scenario: alice and bob, 60 messages each. */
  readonly lab: Lab;
  /** Starts the app of an employee on a laptop of its own. */
  readonly employee: (name: string, options?: EmployeeOptions) => Promise<App>;
}

export interface EmployeeOptions extends Partial<Omit<LaunchOptions, 'policyFile'>> {
  /** Shared mailboxes of the lab that the laptop opens as well. */
  readonly shared?: readonly string[];
  readonly policy?: Readonly<Record<string, unknown>>;
}

export const test = base.extend<Story & ExchangeOptions>({
  isQuirky: [false, { option: true }],
  lab: async ({ isQuirky }, use) => {
    const lab = await startLab({
      employees: ['alice', 'bob'],
      seed: { messages: 60 },
      ...(isQuirky ? { quirks: everydayQuirks } : {}),
    });
    await use(lab);
    await lab.stop();
    expect(lab.misuses).toEqual([]);
  },
  employee: async ({ lab }, use, testInfo) => {
    const apps: App[] = [];
    await use(async (name, options = {}) => {
      const { policy, shared = [], ...launch } = options;
      const overrides = { ...quickPolicy, ...policy };
      const { policyFile } = lab.policyFor(name, { shared, overrides });
      const app = await App.launch({ ...launch, policyFile });
      apps.push(app);
      return app;
    });
    for (const app of apps) {
      if (testInfo.status !== testInfo.expectedStatus)
        testInfo.attach('relevo.log', { body: readLog(app), contentType: 'text/plain' });
      await app.dispose();
    }
  },
});

export { expect } from 'playwright/test';

function readLog(app: App): string {
  try {
    return readFileSync(`${app.profile}/logs/relevo.log`, 'utf8');
  } catch {
    return 'no log';
  }
}
