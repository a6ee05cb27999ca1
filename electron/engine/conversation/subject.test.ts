import { describe, expect, it } from 'vitest';
import { forwardSubject, replySubject, topicOf } from './subject.ts';

describe('topicOf', () => {
  it.each([
    ['Brochure', 'Brochure'],
    ['Re: Brochure', 'Brochure'],
    ['AW: WG: Re: Brochure', 'Brochure'],
    ['RE : Brochure', 'Brochure'],
    ['Re[2]: Brochure', 'Brochure'],
    ['Re^3: Brochure', 'Brochure'],
    ['RIF: R: Brochure', 'Brochure'],
    ['TR: Réf: Brochure', 'Brochure'],
    ['RV: Folleto', 'Folleto'],
    ['回复: Re：Brochure', '回复: Re：Brochure'],
    ['Regarding: the brochure', 'Regarding: the brochure'],
    ['  Re:\t Brochure  two ', 'Brochure two'],
    ['Re: [list] Re[4]: Brochure', 'Brochure'],
    ['[list] Brochure', '[list] Brochure'],
    ['Re:', ''],
    ['', ''],
  ])('of %j is %j', (subject, topic) => {
    expect(topicOf(subject)).toBe(topic);
  });

  it('never doubles a prefix', () => {
    expect(replySubject('AW: RE: Brochure')).toBe('RE: Brochure');
    expect(forwardSubject('WG: Brochure')).toBe('FW: Brochure');
  });
});
