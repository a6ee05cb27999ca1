import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLedgerFile } from '../../electron/engine/ledger/ledger-file.ts';
import type { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';

/** Whoever is asked for a place from now on names this one. */
async function savesTo(alice: App, folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  await alice.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  return file;
}

test('After an outage the ledger is saved signed, as a table and as a PDF, and a message as a file', async ({
  lab,
  employee,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'relevo-saved-'));
  const saved = (file: string) =>
    expect.poll(() => readFileSync(file, { flag: 'a+' }).length).toBeGreaterThan(0);
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Boat hire', text: 'For how many?' });
  await alice.lists('Boat hire');
  await lab.exchange.die();
  await alice.showsBanner('continuity');
  await lab.outside.sends({ to: 'alice', subject: 'Ticket for Friday', text: 'A secret word' });
  await alice.lists('Ticket for Friday');
  await alice.opens('Boat hire');
  await alice.page.getByTestId('flag').click();

  await alice.opens('Ticket for Friday');
  const eml = await savesTo(alice, folder, 'ticket.eml');
  await alice.page.getByTestId('message-menu').last().click();
  await alice.page.getByTestId('save-message').click();
  await saved(eml);
  expect(readFileSync(eml, 'utf8')).toContain('A secret word');

  await lab.exchange.comesBack();
  await alice.showsNoBanner(60_000);
  await alice.goesTo('ledger');
  await expect(alice.page.getByTestId('ledger-outage').first()).toContainText('1 of 1 back in Exchange');
  const changes = alice.page.getByTestId('ledger-filter-changed');
  await expect(changes.locator('..')).not.toContainText('(0)');
  await changes.check({ force: true });
  await expect(alice.page.getByTestId('ledger-entry').filter({ hasText: 'Flagged' })).toContainText(
    'Boat hire',
  );

  const files: string[] = [];
  for (const form of ['signed', 'csv', 'pdf']) {
    const file = await savesTo(alice, folder, `ledger.${form}`);
    await alice.page.getByTestId(`ledger-export-${form}`).click();
    await saved(file);
    files.push(readFileSync(file, 'latin1'));
    expect(files.at(-1)).not.toMatch(/secret word|Boat hire/);
  }
  const [signed = '', csv = '', pdf = ''] = files;
  const verified = await verifyLedgerFile(signed);
  expect(verified).toMatchObject({ ok: true, value: { account: 'alice@corp.example' } });
  expect(csv).toContain(',flagged,');
  expect(pdf.slice(0, 5)).toBe('%PDF-');
  const { device } = verified.ok ? verified.value : { device: '' };
  await expect(alice.page.getByTestId('ledger-signatures')).toContainText(device);
  rmSync(folder, { recursive: true });
});
