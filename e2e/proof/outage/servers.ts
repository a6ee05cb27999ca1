import fc from 'fast-check';
import type { Fault } from '../../lab/fault-proxy.ts';
import { Happening, laptopOf, used } from './happening.ts';
import type { Absence, Story } from './world.ts';

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fault>('refuse') },
  { weight: 2, arbitrary: fc.constantFrom<Fault>('reset', 'fin', 'silent', 'nonsense') },
);
const cuts: fc.Arbitrary<Fault> = fc.oneof(
  fc.integer({ min: 300, max: 20_000 }).map((cutAfter) => ({ cutAfter })),
  fc.integer({ min: 300, max: 20_000 }).map((stallAfter) => ({ stallAfter })),
  fc.constantFrom<Fault>('reset', 'silent', 'refuse'),
);

export const exchangeGoing = ({ fault: how, door }: Absence, isMissed: boolean): Happening =>
  new Happening(
    `Exchange goes (${door === 'all' ? '' : `${door}: `}${JSON.stringify(how)})${isMissed ? ', and is missed' : ''}.`,
    ({ isExchangeAway }) => !isExchangeAway,
    async (story, model) => {
      model.isExchangeAway = true;
      await story.exchangeGoes({ fault: how, door });
      if (!isMissed) return undefined;
      const names = [...model.started].filter((name) => !model.asleep.has(name));
      const missed = await Promise.all(
        names.map(async (name) => (await (await used(story, model, name)).alive()).away(30_000)),
      );
      return `Missed by ${names.filter((_, index) => missed[index] === true).join(', ') || 'nobody'}.`;
    },
  );
export const exchangeGoes = fc
  .tuple(
    fc.record({ fault, door: fc.constantFrom<Absence['door']>('all', 'all', 'all', 'imap', 'submission') }),
    fc.constantFrom(true, true, false),
  )
  .map(([absence, isMissed]) => exchangeGoing(absence, isMissed));

export const exchangeReturns = fc.boolean().map(
  (isWaited) =>
    new Happening(
      `Exchange returns${isWaited ? ', and everybody comes to rest' : ''}.`,
      ({ isExchangeAway }) => isExchangeAway,
      async (story, model) => {
        model.isExchangeAway = false;
        await story.exchangeReturns();
        if (isWaited)
          for (const name of model.started)
            if (!model.asleep.has(name)) await laptopOf(story, name).rest(20_000);
        return undefined;
      },
    ),
);

export const gatewayBeing = (isHandingOver: boolean): Happening =>
  new Happening(
    `From now on the gateway hands ${isHandingOver ? 'over' : 'nothing over'}.`,
    () => true,
    async (story) => {
      story.gateway(isHandingOver);
      return undefined;
    },
  );
export const gateway = fc.boolean().map(gatewayBeing);

export const network = fc.boolean().map(
  (isUp) =>
    new Happening(
      `The laptops’ network ${isUp ? 'comes' : 'goes'}.`,
      () => true,
      async (story) => {
        await story.network(isUp);
        return undefined;
      },
    ),
);

export const provider = fc.oneof(fc.constant<Fault>('none'), cuts).map(
  (how) =>
    new Happening(
      `The provider: ${JSON.stringify(how)}.`,
      () => true,
      async (story) => {
        await story.provider(how);
        return undefined;
      },
    ),
);

export const submission = fc
  .constantFrom('accept', 'acceptSilently', 'dropAfterData', 'dropDuringData', 'busy')
  .map((script) => script as Parameters<Story['submission']>[0])
  .map(
    (script) =>
      new Happening(
        `Who takes mail: ${script}.`,
        () => true,
        async (story) => {
          story.submission(script);
          return undefined;
        },
      ),
  );

export const saves = fc.boolean().map(
  (isSaving) =>
    new Happening(
      `Exchange ${isSaving ? 'files' : 'does not file'} what it sends by itself.`,
      () => true,
      async (story) => {
        story.lab.savesSentItself = isSaving;
        return undefined;
      },
    ),
);
