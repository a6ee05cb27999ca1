import { App } from '../app.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { quickPolicy } from '../quick-policy.ts';

/** A lab with two employees and a few weeks of mail, as the demo and the tour show it. */
export async function startWorld(): Promise<Lab> {
  return startLab({ employees: ['alice', 'bob'], seed: { messages: 240 } });
}

export async function startEmployee(lab: Lab, name: string): Promise<App> {
  const { policyFile } = lab.policyFor(name, { overrides: quickPolicy });
  return App.launch({ policyFile });
}
