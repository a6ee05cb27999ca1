import { describe, expect, it } from 'vitest';
import { createBrowserOpener } from './browser.ts';

describe('sending the person to a sign-in page', () => {
  it('opens https', async () => {
    const opened: string[] = [];
    const open = createBrowserOpener(async (url) => void opened.push(url));
    expect(await open('https://login.example/authorize?state=a%20b')).toEqual({ ok: true, value: null });
    expect(opened).toEqual(['https://login.example/authorize?state=a%20b']);
  });

  it.each([
    'http://login.example/',
    'http://127.0.0.1:80/',
    'file:///etc/passwd',
    'smb://host/x',
    'https',
    '',
  ])('never opens %s', async (url) => {
    const open = createBrowserOpener(() => Promise.reject(new Error('opened')));
    expect(await open(url)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it('says that there is no browser', async () => {
    const open = createBrowserOpener(() => Promise.reject(new Error('no application is registered')));
    expect(await open('https://login.example/')).toMatchObject({ ok: false, error: { code: 'notFound' } });
  });
});
