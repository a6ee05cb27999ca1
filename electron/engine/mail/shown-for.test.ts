import { expect, it } from 'vitest';
import { ok } from '../../../shared/result.ts';
import { shownFor } from './shown-for.ts';
import type { CredentialSource, Credentials } from './types.ts';

function person() {
  let token: Credentials = { kind: 'accessToken', user: 'alice@corp.example', accessToken: 'one' };
  const refusals: (Credentials | undefined)[] = [];
  const source: CredentialSource = async (refused) => {
    refusals.push(refused);
    if (refused !== undefined && refused === token) token = { ...token, accessToken: 'two' } as Credentials;
    return ok(token);
  };
  return { source, refusals };
}

it('shows the person’s token for the mailbox', async () => {
  const office = shownFor('office@corp.example', () => person().source);
  expect(await office()).toEqual(
    ok({ kind: 'accessToken', user: 'office@corp.example', accessToken: 'one' }),
  );
});

it('gives a refusal back to where the token came from, once, whoever was refused', async () => {
  const { source, refusals } = person();
  const office = shownFor('office@corp.example', () => source);
  const desk = shownFor('desk@corp.example', () => source);
  const [one, other] = [await office(), await desk()];
  if (!one.ok || !other.ok) throw new Error('no credentials');
  expect(await office(one.value)).toMatchObject({ value: { accessToken: 'two' } });
  expect(await desk(other.value)).toMatchObject({ value: { accessToken: 'two' } });
  expect(refusals.map((each) => each?.user)).toEqual([
    undefined,
    undefined,
    ...Array(2).fill('alice@corp.example'),
  ]);
});

it('tells the person’s own sign-in nothing of a mailbox that refuses a token renewed for it', async () => {
  const { source, refusals } = person();
  const office = shownFor('office@corp.example', () => source);
  const first = await office();
  const second = first.ok ? await office(first.value) : first;
  if (!second.ok) throw new Error('no credentials');
  expect(await office(second.value)).toMatchObject({ ok: false, error: { code: 'auth.refused' } });
  expect(refusals).toHaveLength(2);
});

it('says that a sign-in is missing when there is no such person', async () => {
  expect(await shownFor('office@corp.example', () => null)()).toMatchObject({
    error: { code: 'auth.missing' },
  });
});
