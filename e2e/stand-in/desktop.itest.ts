import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchFixture, temporaryFolder } from './fixtures/launch-fixture.ts';

test('what is sealed can be opened again by the same profile only', async () => {
  const profile = await temporaryFolder();
  const first = await launchFixture({ profile });
  const sealed = await first.evaluate(async ({ safeStorage }) => {
    const encrypted = await safeStorage.encryptStringAsync('hunter2 ü');
    return {
      base64: encrypted.toString('base64'),
      isPlain: encrypted.includes('hunter2'),
      backend: safeStorage.getSelectedStorageBackend(),
      isAvailable: await safeStorage.isAsyncEncryptionAvailable(),
      bySync: safeStorage.decryptString(safeStorage.encryptString('sync')),
    };
  });
  expect(sealed).toMatchObject({ isPlain: false, backend: 'basic_text', isAvailable: true, bySync: 'sync' });
  await first.close();

  const open = async (app: typeof first) =>
    app.evaluate(
      ({ safeStorage }, base64) =>
        safeStorage
          .decryptStringAsync(Buffer.from(base64, 'base64'))
          .catch((error: Error) => `${error.name}`),
      sealed.base64,
    );
  expect(await open(await launchFixture({ profile }))).toEqual({
    result: 'hunter2 ü',
    shouldReEncrypt: false,
  });
  expect(await open(await launchFixture())).toBe('Error');
});

test('the key store that a switch names is another one, and is lost with its file', async () => {
  const profile = await temporaryFolder();
  const args = ['--password-store=gnome-libsecret'];
  const first = await launchFixture({ profile, args });
  const [backend, sealed] = await first.evaluate(async ({ safeStorage }) => [
    safeStorage.getSelectedStorageBackend(),
    (await safeStorage.encryptStringAsync('hunter2')).toString('base64'),
  ]);
  expect(backend).toBe('gnome_libsecret');
  await first.close();
  const open = async (options: Parameters<typeof launchFixture>[0]) => {
    const app = await launchFixture(options);
    const opened = await app.evaluate(
      ({ safeStorage }, base64) =>
        safeStorage.decryptStringAsync(Buffer.from(base64 ?? '', 'base64')).then(
          ({ result }) => result,
          () => null,
        ),
      sealed,
    );
    await app.close();
    return opened;
  };
  expect(await open({ profile })).toBeNull();
  expect(await open({ profile, args })).toBe('hunter2');
  await rm(join(profile, 'stand-in-keyring'));
  expect(await open({ profile, args })).toBeNull();
});

test('dialogs are cancelled unless a test answers them', async () => {
  const app = await launchFixture();
  const answers = await app.evaluate(async ({ dialog }) => {
    const first = await dialog.showSaveDialog({});
    const box = await dialog.showMessageBox({ message: '?', buttons: ['Send', 'Cancel'] });
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: '/chosen' });
    return { first, response: box.response, second: await dialog.showSaveDialog({}) };
  });
  expect(answers).toEqual({
    first: { canceled: true, filePath: '' },
    response: 1,
    second: { canceled: false, filePath: '/chosen' },
  });
});

test('nothing is opened outside, but it is known what would have been', async () => {
  const app = await launchFixture();
  const asked = await app.evaluate(async ({ shell }) => {
    await shell.openExternal('https://opened.example/');
    return (shell as unknown as { readonly asked: readonly unknown[] }).asked;
  });
  expect(asked).toEqual([{ what: 'external', target: 'https://opened.example/' }]);
});

test('an item of the menu is found and clicked', async () => {
  const app = await launchFixture();
  const clicked = await app.evaluate(({ Menu }) => {
    let by = '';
    Menu.setApplicationMenu(
      Menu.buildFromTemplate([
        {
          label: 'File',
          submenu: [{ id: 'new', label: 'New', click: (item) => (by = item.label) }, { role: 'quit' }],
        },
      ]),
    );
    Menu.getApplicationMenu()?.getMenuItemById('new')?.click();
    return by;
  });
  expect(clicked).toBe('New');
});

test('a notification is shown and clicked, the laptop sleeps and wakes, text is copied', async () => {
  const app = await launchFixture();
  const seen = await app.evaluate(async ({ clipboard, Notification, powerMonitor, screen }) => {
    const told: string[] = [];
    const notification = new Notification({ title: 'New mail', body: 'From outside' });
    notification.on('click', () => told.push(notification.title));
    notification.show();
    notification.emit('click');
    powerMonitor.on('suspend', () => told.push('suspend'));
    powerMonitor.on('resume', () => told.push('resume'));
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
    await clipboard.writeText('copied');
    told.push(await clipboard.readText());
    return { told, displays: screen.getAllDisplays().length };
  });
  expect(seen).toEqual({ told: ['New mail', 'suspend', 'resume', 'copied'], displays: 1 });
});
