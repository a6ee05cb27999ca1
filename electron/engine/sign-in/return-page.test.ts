import { expect, it } from 'vitest';
import { returnPage } from './return-page.ts';

it.each([
  ['de-AT', 'de', 'Sie sind angemeldet.'],
  ['fr', 'fr', 'Vous êtes connecté.'],
  ['pt-BR', 'en', 'You are signed in.'],
])('speaks to the person in their language: %s', (locale, language, title) => {
  const page = returnPage(true, locale);
  expect(page).toContain(`<html lang="${language}">`);
  expect(page).toContain(`<h1>${title}</h1>`);
});

it('says so when the sign-in came to nothing', () => {
  expect(returnPage(false, 'en-US')).toContain('You are not signed in.');
});
