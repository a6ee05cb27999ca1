/** What people write about at work, in three languages: enough to look like a mailbox, nothing that anybody owns. */
export interface Phrases {
  readonly topics: readonly string[];
  readonly openings: readonly string[];
  readonly bodies: readonly string[];
  readonly answers: readonly string[];
  readonly closings: readonly string[];
  readonly replyPrefix: string;
}

export const phrases: readonly Phrases[] = [
  {
    topics: [
      'Offer for the spring campaign',
      'Meeting room on Thursday',
      'Invoice 2026-118',
      'Minutes of the steering group',
      'Travel plans for Lisbon',
      'New price list',
      'Onboarding of the interns',
      'Delivery of the spare parts',
      'Feedback on the draft',
      'Parking spaces in the yard',
      'Printer on the second floor',
      'Renewal of the lease',
    ],
    openings: ['Good morning', 'Hello', 'Dear all', 'Hi'],
    bodies: [
      'Please find attached what we discussed yesterday. Could you look at the second page before noon?',
      'The supplier has confirmed the date. We only need your approval to go ahead.',
      'I have put the figures together. The total is a little higher than last quarter.',
      'Shall we move it to next week? Two of us are travelling.',
      'Here is a first version. Comments are welcome until Friday.',
    ],
    answers: [
      'Thank you, that looks right to me.',
      'I will check with the team and come back to you.',
      'Agreed. Please go ahead.',
      'Could you send me the latest version once more?',
      'Monday works better for us.',
    ],
    closings: ['Best regards', 'Many thanks', 'Kind regards'],
    replyPrefix: 'RE: ',
  },
  {
    topics: [
      'Angebot für die Frühjahrsaktion',
      'Besprechungsraum am Donnerstag',
      'Rechnung 2026-118',
      'Protokoll der Lenkungsgruppe',
      'Reiseplanung Lissabon',
      'Neue Preisliste',
      'Einarbeitung der Praktikanten',
      'Lieferung der Ersatzteile',
      'Rückmeldung zum Entwurf',
      'Stellplätze im Hof',
      'Drucker im zweiten Stock',
      'Verlängerung des Mietvertrags',
    ],
    openings: ['Guten Morgen', 'Hallo', 'Liebe Kolleginnen und Kollegen', 'Sehr geehrte Damen und Herren'],
    bodies: [
      'anbei wie besprochen die Unterlagen. Könnten Sie bis heute Mittag auf Seite zwei schauen?',
      'der Lieferant hat den Termin bestätigt. Es fehlt nur noch Ihre Freigabe.',
      'ich habe die Zahlen zusammengestellt. Die Summe liegt etwas über dem letzten Quartal.',
      'wollen wir es auf nächste Woche verschieben? Zwei von uns sind unterwegs.',
      'hier eine erste Fassung. Anmerkungen gern bis Freitag.',
    ],
    answers: [
      'vielen Dank, das passt so.',
      'ich kläre das im Team und melde mich.',
      'Einverstanden, bitte so umsetzen.',
      'können Sie mir die neueste Fassung noch einmal schicken?',
      'Montag passt uns besser.',
    ],
    closings: ['Mit freundlichen Grüßen', 'Viele Grüße', 'Beste Grüße'],
    replyPrefix: 'AW: ',
  },
  {
    topics: [
      'Oferta para la campaña de primavera',
      'Sala de reuniones el jueves',
      'Factura 2026-118',
      'Acta del comité',
      'Viaje a Lisboa',
      'Nueva lista de precios',
      'Acogida de los becarios',
      'Entrega de los repuestos',
      'Comentarios sobre el borrador',
      'Plazas de aparcamiento',
      'Impresora de la segunda planta',
      'Renovación del alquiler',
    ],
    openings: ['Buenos días', 'Hola', 'Estimados colegas', 'Buenas tardes'],
    bodies: [
      'adjunto lo que comentamos ayer. ¿Podrías revisar la segunda página antes del mediodía?',
      'el proveedor ha confirmado la fecha. Solo falta tu aprobación.',
      'he reunido las cifras. El total es algo superior al del trimestre pasado.',
      '¿lo pasamos a la semana que viene? Dos de nosotros estamos de viaje.',
      'aquí va una primera versión. Se agradecen comentarios hasta el viernes.',
    ],
    answers: [
      'gracias, me parece bien.',
      'lo consulto con el equipo y te digo.',
      'De acuerdo, adelante.',
      '¿puedes enviarme otra vez la última versión?',
      'El lunes nos viene mejor.',
    ],
    closings: ['Un saludo', 'Muchas gracias', 'Saludos cordiales'],
    replyPrefix: 'RE: ',
  },
];

export const people: readonly { readonly name: string; readonly address: string }[] = [
  { name: 'Clara Weiss', address: 'clara@outside.example' },
  { name: 'Diego Fernández', address: 'diego.fernandez@partner.example' },
  { name: 'Jürgen Köhler', address: 'j.koehler@lieferant.example' },
  { name: 'Margaret O’Neill', address: 'margaret@client.example' },
  { name: 'Sofia Rossi', address: 'sofia.rossi@studio.example' },
  { name: 'Tom Baker', address: 'tom.baker@corp.example' },
  { name: 'Yasmin Haddad', address: 'y.haddad@agency.example' },
];
