import { describe, expect, it } from 'vitest';
import { markOfTheWeb } from './mark-of-the-web.ts';

describe('markOfTheWeb', () => {
  it('stands beside the file on Windows, in the words that Windows knows', () => {
    expect(markOfTheWeb('C:\\Temp\\Plan.pdf', 'win32')).toEqual({
      file: 'C:\\Temp\\Plan.pdf:Zone.Identifier',
      content: '[ZoneTransfer]\r\nZoneId=3\r\n',
    });
  });

  it.each(['linux', 'darwin'] as const)('is not written on %s', (platform) =>
    expect(markOfTheWeb('/tmp/Plan.pdf', platform)).toBeNull(),
  );
});
