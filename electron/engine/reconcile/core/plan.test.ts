import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournaledMessage, planReconcile, type ReconcileStep } from './plan.ts';

const entry = (id: number, more: Partial<JournaledMessage<number>> = {}): JournaledMessage<number> => ({
  id,
  isVerified: false,
  isAppendStarted: false,
  isPutOff: false,
  ...more,
});

describe('the plan of carrying over', () => {
  it('is empty when all is verified', () => {
    expect(planReconcile([entry(1, { isVerified: true })], new Map(), false)).toEqual([]);
  });

  it('verifies what the gateway handed over, and waits for the rest', () => {
    expect(planReconcile([entry(1), entry(2)], new Map([[1, 'Inbox 7']]), true)).toEqual([
      { kind: 'verify', id: 1, as: 'handedOver', copy: 'Inbox 7' },
      { kind: 'wait' },
    ]);
  });

  it('appends what is missing when the gateway had its time', () => {
    expect(planReconcile([entry(1), entry(2)], new Map([[1, 'Inbox 7']]), false)).toEqual([
      { kind: 'verify', id: 1, as: 'handedOver', copy: 'Inbox 7' },
      { kind: 'append', id: 2 },
    ]);
  });

  it('leaves alone what is put off, and verifies it all the same when it is there', () => {
    const journal = [entry(1, { isPutOff: true }), entry(2, { isPutOff: true })];
    expect(planReconcile(journal, new Map([[1, 'Inbox 7']]), true)).toEqual([
      { kind: 'verify', id: 1, as: 'handedOver', copy: 'Inbox 7' },
    ]);
  });

  it('says that it was our doing when an append of ours had begun', () => {
    expect(planReconcile([entry(1, { isAppendStarted: true })], new Map([[1, 'Inbox 7']]), false)).toEqual([
      { kind: 'verify', id: 1, as: 'appended', copy: 'Inbox 7' },
    ]);
  });
});

/** Exchange and a journal; the gateway may bring what it likes while it is waited for. */
class World {
  readonly journal = new Map<number, JournaledMessage<number>>();
  readonly exchange = new Map<number, number>();
  isAwaited = true;

  plan(): readonly ReconcileStep<number, number>[] {
    return planReconcile([...this.journal.values()], this.exchange, this.isAwaited);
  }

  /** `diesAt`: the step that is begun and not written down. */
  carryOut(steps: readonly ReconcileStep<number, number>[], diesAt = Number.POSITIVE_INFINITY): void {
    for (const [index, step] of steps.entries()) {
      if (step.kind === 'wait') this.isAwaited = false;
      else {
        const before = this.journal.get(step.id) ?? entry(step.id);
        if (step.kind === 'append') {
          this.journal.set(step.id, { ...before, isAppendStarted: true });
          this.exchange.set(step.id, (this.exchange.get(step.id) ?? 0) + 1);
        }
        if (index === diesAt) return;
        this.journal.set(step.id, { ...before, isVerified: true });
      }
      if (index === diesAt) return;
    }
  }
}

describe('carrying over, whatever Exchange has and wherever it is killed', () => {
  const ids = fc.uniqueArray(fc.nat({ max: 50 }), { maxLength: 20 });
  const scenario = fc.record({
    ids,
    had: ids,
    handedOver: ids,
    deaths: fc.array(fc.nat({ max: 20 }), { maxLength: 5 }),
  });

  function live({ ids, had, handedOver, deaths }: typeof scenario extends fc.Arbitrary<infer T> ? T : never) {
    const world = new World();
    for (const id of ids) world.journal.set(id, entry(id));
    for (const id of had) world.exchange.set(id, 1);
    for (const death of deaths) world.carryOut(world.plan(), death);
    for (const id of handedOver) if (world.isAwaited && !world.exchange.has(id)) world.exchange.set(id, 1);
    for (let round = 0; round < 2; round += 1) world.carryOut(world.plan());
    return world;
  }

  it('everything is verified in the end, and then nothing is left to do', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const world = live(given);
        expect([...world.journal.values()].every(({ isVerified }) => isVerified)).toBe(true);
        expect(given.ids.every((id) => world.exchange.has(id))).toBe(true);
        expect(world.plan()).toEqual([]);
      }),
    );
  });

  it('nothing stands in Exchange twice', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        expect([...live(given).exchange.values()].every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it('nothing is appended that Exchange has, and nothing before the gateway had its time', () => {
    fc.assert(
      fc.property(ids, ids, fc.boolean(), (journaled, had, isAwaited) => {
        const has = new Map(had.map((id) => [id, id]));
        const appended = planReconcile(
          journaled.map((id) => entry(id)),
          has,
          isAwaited,
        ).flatMap((step) => (step.kind === 'append' ? [step.id] : []));
        expect(appended).toEqual(isAwaited ? [] : journaled.filter((id) => !has.has(id)));
      }),
    );
  });

  it('the order of the journal makes no difference', () => {
    const shuffled = ids.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ids, fc.boolean(), ([one, other], had, isAwaited) => {
        const has = new Map(had.map((id) => [id, id]));
        const plan = (order: readonly number[]) =>
          planReconcile(
            order.map((id) => entry(id)),
            has,
            isAwaited,
          )
            .map((step) => JSON.stringify(step))
            .sort();
        expect(plan(other)).toEqual(plan(one));
      }),
    );
  });
});
