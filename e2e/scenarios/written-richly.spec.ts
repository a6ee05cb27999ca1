import { simpleParser } from 'mailparser';
import { expect, test } from '../fixtures.ts';

/** The smallest PNG: one transparent pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

test('an answer to an HTML mail, with a picture, survives a kill and leaves as text and HTML', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  const html = '<p style="color: red">Which <b>clause</b>?</p><script>top.planted = 1</script>';
  await lab.outside.sends({ to: 'alice', subject: 'Contract', html });
  await alice.opens('Contract');
  await alice.writesReply('The ');
  await alice.page.keyboard.press('Control+b');
  await alice.page.keyboard.type('fourth');
  await alice.page.getByTestId('format-picture-files').setInputFiles({
    name: 'plan.png',
    mimeType: 'image/png',
    buffer: pixel,
  });
  // Another one after the restart.
  const editor = () => alice.page.getByTestId('composer-text');
  await expect(editor().locator('img[src^="data:image/png"]')).toHaveCount(1);
  await expect(alice.page.getByTestId('composer')).toContainText('Saved on this computer');

  await alice.kill();
  await alice.startAgain();
  await alice.goesTo('drafts');
  await alice.page.getByTestId('draft-open').click();
  await expect(editor().locator('strong')).toHaveText('fourth');
  await expect(editor().locator('img[src^="data:image/png"]')).toHaveCount(1);
  await alice.sends();

  const { source } = await lab.outside.receives((mail) => mail.text.includes('The fourth'));
  expect(source.toString('latin1')).toMatch(
    /multipart\/alternative[\s\S]*format=flowed[\s\S]*multipart\/related/,
  );
  const mail = await simpleParser(source);
  expect(mail.text).toMatch(/^The fourth\n/);
  expect(mail.text).toContain('> Which clause?');
  expect(mail.html).toMatch(/The <strong>fourth<\/strong>/);
  expect(mail.html).toContain('<p style="color: red">Which <b>clause</b>?</p>');
  expect(mail.html).not.toContain('planted');
  expect(mail.attachments.map(({ content }) => content)).toEqual([pixel]);
  // Whoever reads it finds the picture by its Content-ID.
  expect(mail.html).toContain(`src="data:image/png;base64,${pixel.toString('base64')}"`);
});
