import fc from 'fast-check';
import type { OutgoingDecision } from '../../../shared/model/outgoing.ts';
import { awake, Happening, laptop, ownerOf, used } from './happening.ts';
import type { Act } from './laptop.ts';
import type { Person } from './oracle.ts';

const person = fc.constantFrom<Person>('Anna', 'Anna', 'Ben');
export const writes = fc.tuple(laptop, fc.nat(3), fc.option(fc.nat(20))).map(([name, whom, parent]) => {
  const owner = ownerOf(name);
  const colleague: Person = owner === 'Anna' ? 'Ben' : 'Anna';
  const to =
    whom === 3 ? ([colleague, 'Clara'] as const) : whom === 2 ? ([colleague] as const) : (['Clara'] as const);
  return new Happening(
    `${owner} writes to ${to.join(' and ')} on ${name}.`,
    awake(name),
    async (story, model) => {
      const there = story.mailsOf(owner);
      const answers = parent === null || there.length === 0 ? null : (there[parent % there.length] ?? null);
      const mail = await story.writes(await used(story, model, name), to, answers);
      model.mails += 1;
      return `It is ${mail}${answers === null ? '' : `, an answer to ${answers}`}.`;
    },
  );
});

export const claraWriting = (to: readonly Person[]): Happening =>
  new Happening(
    `Clara writes to ${to.join(' and ')}.`,
    () => true,
    async (story, model) => {
      model.mails += 1;
      return `It is ${await story.claraWrites(to)}.`;
    },
  );
export const claraWrites = fc
  .constantFrom<readonly Person[]>(['Anna'], ['Anna'], ['Ben'], ['Anna', 'Ben'])
  .map(claraWriting);

const verbs: Readonly<Record<Act, string>> = {
  read: 'reads',
  flag: 'flags',
  archive: 'archives',
  delete: 'deletes',
};
export const acts = fc
  .tuple(laptop, fc.constantFrom<Act>('read', 'flag', 'archive', 'delete'), fc.nat(20))
  .map(
    ([name, act, pick]) =>
      new Happening(
        `${ownerOf(name)} ${verbs[act]} a mail on ${name}.`,
        (model) => awake(name)(model) && model.mails > 0,
        async (story, model) => {
          const mails = story.mailsOf(ownerOf(name));
          const mail = mails[pick % Math.max(1, mails.length)];
          if (mail === undefined) return 'There is none.';
          const isDone = await story.acts(await used(story, model, name), act, mail);
          return isDone ? `It is ${mail}.` : `${mail} is not to be seen there.`;
        },
      ),
  );

export const webmail = fc.tuple(person, fc.boolean()).map(([who, isReading]) =>
  isReading
    ? new Happening(
        `${who} reads everything in the provider’s webmail.`,
        () => true,
        async (story) => {
          await story.readsInWebmail(who);
          return undefined;
        },
      )
    : new Happening(
        `${who} writes to Clara in the provider’s webmail.`,
        // Who has Exchange does not write there: nobody would bring it back.
        ({ isExchangeAway }) => isExchangeAway,
        async (story, model) => {
          model.mails += 1;
          return `It is ${await story.writesInWebmail(who, ['Clara'])}.`;
        },
      ),
);

type Doubt = 'acceptSilently' | 'dropAfterData' | 'refused';

/** What the server does with a mail of which nobody can be sure, or which it does not want. */
const doubts: Readonly<Record<Doubt, string>> = {
  acceptSilently: 'is taken without a word',
  dropAfterData: 'is dropped after its dot',
  refused: 'is refused',
};
export const doubted = fc
  .record({
    name: laptop,
    doubt: fc.constantFrom<Doubt>('acceptSilently', 'acceptSilently', 'dropAfterData', 'refused'),
    isSaving: fc.constantFrom(false, false, true),
    decision: fc.constantFrom<OutgoingDecision | null>('sendAgain', 'treatAsSent', 'discard', null),
  })
  .map(
    ({ name, doubt, isSaving, decision }) =>
      new Happening(
        `${ownerOf(name)} writes to Clara on ${name}; it ${doubts[doubt]}${isSaving ? ', and filed' : ''}; ${decision === null ? 'nobody decides' : `then: ${decision}`}.`,
        awake(name),
        async (story, model) => {
          const laptop = await used(story, model, name);
          story.lab.savesSentItself = isSaving;
          story.submission(doubt === 'refused' ? 'refuse' : doubt);
          const mail = await story.writes(laptop, ['Clara'], null);
          model.mails += 1;
          const state = await laptop.settles(mail, 6_000);
          story.submission('accept');
          const isDecided = decision !== null && (await story.decides(laptop, mail, decision));
          return `It is ${mail}, and ${state ?? 'nowhere'}${isDecided ? ', until that' : ''}.`;
        },
      ),
  );
