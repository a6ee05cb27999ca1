/** Where the focus goes in each pane, the first that is there. */
const panes: readonly (readonly string[])[] = [
  ['.banner button'],
  ['#sidebar [aria-current]', '#sidebar button'],
  ['#conversations .conversation-list', '#conversations input'],
  ['.page button', '.page [tabindex="0"]'],
  ['.reader-pane .reader-scroll', '.reader-pane button'],
  ['.composer [contenteditable], .composer textarea'],
];

/** Moves the focus one pane on or back, round and round, among those that can be seen. */
export function goToPane(step: 1 | -1): void {
  const goals = panes.flatMap((selectors) => {
    const seen = selectors
      .map((selector) => document.querySelector<HTMLElement>(selector))
      .find((element) => element?.checkVisibility() === true);
    return seen === undefined || seen === null ? [] : [seen];
  });
  const active = document.activeElement;
  const here = goals.findLastIndex((goal) => goal === active || isSamePane(goal, active));
  goals.at((here + step + goals.length) % goals.length)?.focus();
}

const isSamePane = (goal: HTMLElement, active: Element | null): boolean =>
  goal.closest('.banner, #sidebar, #conversations, .composer, .page, .reader-pane')?.contains(active) ===
  true;
