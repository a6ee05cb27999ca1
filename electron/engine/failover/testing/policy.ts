/** Of a test that does not say otherwise: no portal and no health page is asked, and nobody waits for a turn. */
export const testPolicy = {
  portalCheck: null,
  portalCheckAnswer: 'success',
  healthPages: [],
  idleProbeSeconds: 60,
  signInMinutes: 15,
  probeSeconds: 2,
  deadlineSeconds: 3,
  spreadSeconds: 0,
  mayGoUrgently: true,
  mayChoose: true,
  choiceHours: 12,
} as const;
