/** Where mail flows: `primary` is the company's Exchange, `continuity` the provider outside Microsoft. */
export type Route = 'primary' | 'continuity';
export const routes = ['primary', 'continuity'] as const;
