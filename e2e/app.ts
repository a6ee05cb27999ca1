import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Locator, type Page } from 'playwright';
import { expect } from 'playwright/test';
import type { BridgeApi } from '../shared/contract/index.ts';
import type { FailoverKind } from '../shared/model/failover.ts';
import type { LedgerOutcome } from '../shared/model/ledger.ts';
import type { OutgoingState } from '../shared/model/outgoing.ts';
import { electronEnvironment } from './stand-in/launcher.ts';

declare global {
  interface Window {
    readonly relevo: BridgeApi;
  }
}

const repository = join(import.meta.dirname, '..');

export interface LaunchOptions {
  readonly policyFile: string;
  /** A profile to go on with; a new one otherwise. */
  readonly profile?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** The product as a person meets it: what the window shows, and what they do in it. */
export class App {
  readonly profile: string;
  readonly #options: LaunchOptions;
  #electron: ElectronApplication;
  #page: Page;
  #process: ChildProcess;

  private constructor(options: LaunchOptions, profile: string, electron: ElectronApplication, page: Page) {
    this.#options = options;
    this.profile = profile;
    this.#electron = electron;
    this.#page = page;
    this.#process = electron.process();
  }

  static async launch(options: LaunchOptions): Promise<App> {
    const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'relevo-profile-')));
    const electron = await start(options, profile);
    return new App(options, profile, electron, await electron.firstWindow());
  }

  get page(): Page {
    return this.#page;
  }

  get electron(): ElectronApplication {
    return this.#electron;
  }

  /** Ends it as a person does. */
  async quit(): Promise<void> {
    await this.#electron.close();
  }

  /** `kill -9` of the whole app, as a crash or a pulled battery does it. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts it again on the same profile, after `quit` or `kill`. */
  async startAgain(): Promise<void> {
    this.#electron = await start(this.#options, this.profile);
    this.#process = this.#electron.process();
    this.#page = await this.#electron.firstWindow();
  }

  /** Quits if need be and removes the profile. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  get banner(): Locator {
    return this.#page.getByTestId('banner');
  }

  async showsBanner(kind: FailoverKind, timeout = 60_000): Promise<void> {
    await expect(this.#page.locator(`[data-testid=banner][data-kind=${kind}]`)).toBeVisible({ timeout });
  }

  async showsNoBanner(timeout = 15_000): Promise<void> {
    await expect(this.banner).toHaveCount(0, { timeout });
  }

  /** Shows another of the person's mailboxes. */
  async turnsTo(address: string): Promise<void> {
    await this.#page.locator('select.sidebar-owner').selectOption({ label: address });
  }

  row(subject: string): Locator {
    return this.#page.getByTestId('conversation-row').filter({ hasText: subject });
  }

  async lists(subject: string, timeout = 20_000): Promise<void> {
    await expect(this.row(subject).first()).toBeVisible({ timeout });
  }

  async opens(subject: string): Promise<void> {
    await this.lists(subject);
    await this.row(subject).first().click();
    await expect(this.#page.getByTestId('reader')).toContainText(subject);
  }

  messages(): Locator {
    return this.#page.getByTestId('reader').getByTestId('message');
  }

  /** The message of the open conversation that was written here and stands in this state. */
  async showsOutgoing(state: OutgoingState, timeout = 30_000): Promise<void> {
    await expect(
      this.#page.getByTestId('reader').locator(`[data-testid=message][data-outgoing=${state}]`).first(),
    ).toBeVisible({ timeout });
  }

  /** Replies in the open conversation. */
  async replies(text: string): Promise<void> {
    await this.writesReply(text);
    await this.sends();
  }

  async repliesToAll(text: string): Promise<void> {
    await this.writesReply(text, 'reply-all');
    await this.sends();
  }

  async writesReply(text: string, button: 'reply' | 'reply-all' = 'reply'): Promise<void> {
    await this.#page.getByTestId('reader').getByTestId(button).first().click();
    const editor = this.#page.getByTestId('composer').getByTestId('composer-text');
    await expect(editor).toBeVisible();
    await editor.press('Control+Home');
    await editor.pressSequentially(text);
  }

  async sends(): Promise<void> {
    await this.#page.getByTestId('send').click();
    await expect(this.#page.getByTestId('composer')).toHaveCount(0);
  }

  async goesTo(view: 'inbox' | 'sent' | 'all' | 'putAway' | 'drafts' | 'outbox' | 'ledger'): Promise<void> {
    await this.#page.getByTestId(`view-${view}`).click();
  }

  async searches(text: string): Promise<Locator> {
    await this.#page.getByTestId('search-input').fill(text);
    return this.#page.getByTestId('search-hit');
  }

  async endsSearch(): Promise<void> {
    await this.#page.getByTestId('search-input').fill('');
  }

  outboxItems(state?: OutgoingState): Locator {
    return this.#page.locator(
      `[data-testid=outbox-item]${state === undefined ? '' : `[data-state=${state}]`}`,
    );
  }

  ledgerEntries(outcome?: LedgerOutcome): Locator {
    return this.#page.locator(
      `[data-testid=ledger-entry]${outcome === undefined ? '' : `[data-outcome=${outcome}]`}`,
    );
  }

  async screenshot(file: string): Promise<void> {
    await this.#page.screenshot({ path: file, animations: 'disabled' });
  }
}

async function start(options: LaunchOptions, profile: string): Promise<ElectronApplication> {
  return _electron.launch({
    args: [
      repository,
      `--user-data-dir=${profile}`,
      `--policy-file=${options.policyFile}`,
      '--lang=en-US',
      // A laptop as companies have them; a test that names another one comes later and wins.
      '--password-store=gnome-libsecret',
      ...(options.args ?? []),
    ],
    env: { ...inherited(), ...electronEnvironment(), ...options.env },
    timeout: 60_000,
  });
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
