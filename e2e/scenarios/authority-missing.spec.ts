import { expect, test } from '../fixtures.ts';
import { addressOf } from '../lab/lab.ts';

test("Exchange's authority is missing on a laptop: its own sentence, nothing to click past, and no outage", async ({
  lab,
  employee,
}) => {
  const account = lab.accountOf('alice');
  const [, continuityAuthority] = lab.authorities;
  const alice = await employee('alice', {
    policy: {
      // On premises, whose certificates come from an authority of the company's own.
      accounts: [
        {
          ...account,
          exchange: {
            ...account.exchange,
            authentication: { kind: 'password', user: addressOf('alice') },
          },
        },
      ],
      'network.certificates': [continuityAuthority],
    },
  });
  const notice = alice.page.locator('[data-testid=sync-error]');
  await expect(notice).toContainText('comes from an authority that this computer does not know', {
    timeout: 60_000,
  });
  await expect(notice).toHaveAttribute('data-code', 'network.certificateUnknownAuthority');
  await expect(notice.locator('button, a, input, [role=button]')).toHaveCount(0);
  await alice.showsNoBanner();
});
