import type { Page } from 'playwright';

/**
 * What a person could not read: text that is cut off without an ellipsis, what stands beyond the edge of the window, and
 * buttons and fields that lie over one another. A line for each, empty: all is well.
 */
export async function badlyLaidOut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isSeen = (one: Element): boolean => {
      const { width, height } = one.getBoundingClientRect();
      return (
        width > 1 && height > 1 && one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      );
    };
    const nameOf = (one: Element): string =>
      `${one.tagName.toLowerCase()}.${one.className} "${(one.textContent ?? '').trim().slice(0, 50)}"`;
    const hasText = (one: Element): boolean =>
      [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim() !== '');
    const isScrolled = (one: Element): boolean => {
      for (let at: Element | null = one; at !== null; at = at.parentElement)
        if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth + 1)
          return true;
      return false;
    };
    const all = [...document.querySelectorAll('body *')].filter((one) => !one.closest('svg') && isSeen(one));
    const cut = all.filter((one) => {
      const { overflowX, textOverflow, display, webkitLineClamp } = getComputedStyle(one);
      if (!hasText(one) || display.startsWith('inline') || one.matches('textarea, input, select, option'))
        return false;
      const isMeant = textOverflow === 'ellipsis' || (webkitLineClamp !== 'none' && webkitLineClamp !== '');
      return (
        overflowX !== 'visible' &&
        !isMeant &&
        !/auto|scroll/.test(overflowX) &&
        one.scrollWidth > one.clientWidth + 1
      );
    });
    const beyond = all.filter((one) => {
      const { left, right } = one.getBoundingClientRect();
      return hasText(one) && (left < -1 || right > innerWidth + 1) && !isScrolled(one);
    });
    const controls = all.filter((one) => one.matches('button, input, select, textarea, a[href]'));
    const over = controls.flatMap((one, index) =>
      controls.slice(index + 1).filter((other) => {
        if (one.contains(other) || other.contains(one)) return false;
        // What is under a dialog, or scrolled away under something that stays, is covered with reason.
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const [x, y] = [
          Math.min(a.right, b.right) - Math.max(a.left, b.left),
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
        ];
        return x > 3 && y > 3 && one.parentElement === other.parentElement;
      }),
    );
    return [
      ...cut.map((one) => `cut: ${nameOf(one)}`),
      ...beyond.map((one) => `beyond the window: ${nameOf(one)}`),
      ...over.map((one) => `over another: ${nameOf(one)}`),
    ];
  });
}

/** A language that is two fifths longer than any of ours, of accented letters, and perhaps written from the right. */
export async function pseudoLanguage(page: Page, direction: 'ltr' | 'rtl'): Promise<void> {
  await page.evaluate((dir) => {
    document.documentElement.dir = dir;
    const letters = new Map(
      [...'aeiouncAEIOU'].map((letter, index) => [letter, 'áéíöüñçÁÉÍÖÜ'[index] ?? letter]),
    );
    const longer = (text: string): string => {
      const words = text.split(/(\s+)/).map((word) => {
        const changed = [...word].map((letter) => letters.get(letter) ?? letter).join('');
        return /\p{L}{2}/u.test(word) ? changed + 'ü'.repeat(Math.ceil([...word].length * 0.4)) : changed;
      });
      return words.join('');
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    // Mail is as long as it is: only what the window itself says grows.
    const own = 'button, label, h1, h2, h3, legend, .banner, nav, .chip, .page p, dialog p, .meeting-card p';
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      if (node.parentElement?.closest(own) && !node.parentElement.closest('[data-testid=conversation-row]'))
        node.nodeValue = longer(node.nodeValue ?? '');
  }, direction);
}
