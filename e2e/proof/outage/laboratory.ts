import { EngineProcessPool } from '../../../electron/engine/proof/testing/engine-process.ts';
import type { Policy } from '../../../shared/policy/settings.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { everydayQuirks } from '../../lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../lab/quirks/quirk.ts';
import { Story } from './world.ts';

/** Stories of a lab: each has two mailboxes of its own. */
const storiesOfALab = 20;
/** How much faster time passes on laptops where an engine starts within half a second. Elsewhere less. */
const fastest = 30;

/** One lab for many short stories, and engines at the ready. */
export class StoryLaboratory {
  readonly #pool = new EngineProcessPool();
  readonly #quirks: Quirk[] = [];
  #lab: Lab | null = null;
  #stories = 0;
  #usedOfLab = 0;
  #factor = fastest;

  /** A story of its own people. */
  async story(isQuirky: boolean): Promise<Story> {
    const [one] = await this.stories(1, isQuirky);
    if (one === undefined) throw new Error('one story is one story');
    return one;
  }

  /** So many stories in one lab, each of its own people: what befalls the servers befalls them all. */
  async stories(count: number, isQuirky: boolean, policy: Partial<Policy> = {}): Promise<readonly Story[]> {
    if (this.#lab === null || this.#usedOfLab + count > storiesOfALab) {
      await this.#lab?.stop();
      const employees = Array.from({ length: storiesOfALab }, (_, index) => [`anna${index}`, `ben${index}`]);
      this.#lab = await startLab({ employees: employees.flat(), quirks: this.#quirks });
      this.#usedOfLab = 0;
      this.#factor = await this.#pace();
    }
    const lab = this.#lab;
    // Those who live at the same time are in each other's way.
    const factor = Math.max(2, this.#factor / Math.max(1, count / 4));
    // A connection has the quirks that stand here when it begins.
    this.#quirks.splice(0, this.#quirks.length, ...(isQuirky ? everydayQuirks : []));
    return Array.from({ length: count }, () => {
      const [anna, ben] = [`anna${this.#usedOfLab}`, `ben${this.#usedOfLab}`];
      this.#usedOfLab += 1;
      this.#stories += 1;
      return new Story(lab, this.#pool, { Anna: anna, Ben: ben }, this.#stories, policy, factor);
    });
  }

  /** As fast as this machine can keep up with now: a server that is only slow must not seem to be away. */
  async #pace(): Promise<number> {
    const startedAt = performance.now();
    const engine = this.#pool.spare();
    await engine.loaded();
    engine.kill();
    const tookMs = performance.now() - startedAt;
    return Math.max(2, Math.min(fastest, (fastest * 500) / tookMs));
  }

  async close(): Promise<void> {
    this.#pool.close();
    await this.#lab?.stop();
  }
}
