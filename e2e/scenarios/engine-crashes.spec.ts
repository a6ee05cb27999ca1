import { expect, test } from '../fixtures.ts';

test('the engine is killed: it starts again by itself, the window says so, and nothing is lost', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Before the crash', text: 'Here.' });
  await alice.opens('Before the crash');
  await alice.writesReply('Written before the crash');
  await expect(alice.page.getByTestId('composer')).toContainText('Saved on this computer');
  const states = alice.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = [];
        const stop = window.relevo.subscribe(async () => {
          const status = await window.relevo.app.status({});
          if (status.ok && seen.at(-1) !== status.value.engine) seen.push(status.value.engine);
          if (seen.includes('restarting') && seen.at(-1) === 'running') {
            stop();
            resolve(seen);
          }
        });
      }),
  );
  const pid = await alice.electron.evaluate(
    ({ app }) =>
      app
        .getAppMetrics()
        .find(({ name, serviceName }) => name === 'relevo-engine' || serviceName === 'relevo-engine')?.pid ??
      0,
  );
  expect(pid).toBeGreaterThan(0);
  process.kill(pid, 'SIGKILL');
  expect(await states).toEqual(expect.arrayContaining(['restarting', 'running']));

  await alice.sends();
  await lab.outside.receives((mail) => mail.text.includes('Written before the crash'));
  await lab.outside.sends({ to: 'alice', subject: 'After the crash', text: 'Still here.' });
  await alice.lists('After the crash');
});

test("the window's process dies: it is loaded again", async ({ employee }) => {
  const alice = await employee('alice');
  await alice.lists('');
  await alice.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  });
  await expect(async () => {
    const titles = await alice.electron.evaluate(async ({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        "document.querySelectorAll('[data-testid=conversation-row]').length",
      ),
    );
    expect(titles).toBeGreaterThan(0);
  }).toPass({ timeout: 60_000 });
});
