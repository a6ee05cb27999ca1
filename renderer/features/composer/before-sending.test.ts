import { describe, expect, it } from 'vitest';
import { doubtAbout } from './before-sending.ts';

const message = { kind: 'reply', ownText: '', subject: '', hasFiles: false, recipients: 1 } as const;

describe('doubtAbout', () => {
  it.each([
    'Please find attached the offer.',
    'See the attachment.',
    'Das Angebot ist im Anhang.',
    'Anbei die Pläne',
    'Siehe Anlage.',
    'Te lo envío adjunto.',
    'Vous trouverez ci-joint le contrat.',
    'Le plan est en pièce jointe.',
    'In allegato il contratto.',
  ])('asks after the file of: %s', (ownText) => {
    expect(doubtAbout({ ...message, ownText })).toEqual({ kind: 'noAttachment' });
    expect(doubtAbout({ ...message, ownText, hasFiles: true })).toBeNull();
  });

  it.each([
    'Two unattached garages.',
    'Die Anlage läuft wieder.',
    '> Please find attached the offer.\nThanks!',
    'Reattachments',
  ])('asks nothing about: %s', (ownText) => {
    expect(doubtAbout({ ...message, ownText })).toBeNull();
  });

  it('takes the subject for the person’s words only where they wrote it', () => {
    const subject = 'Offer attached';
    expect(doubtAbout({ ...message, kind: 'new', subject })).toEqual({ kind: 'noAttachment' });
    expect(doubtAbout({ ...message, subject })).toBeNull();
  });

  it('asks whether so many are to be answered, not whether so many are written to', () => {
    expect(doubtAbout({ ...message, kind: 'replyAll', recipients: 80 })).toEqual({
      kind: 'manyPeople',
      count: 80,
    });
    expect(doubtAbout({ ...message, kind: 'replyAll', recipients: 25 })).toBeNull();
    expect(doubtAbout({ ...message, kind: 'new', recipients: 80 })).toBeNull();
  });
});
