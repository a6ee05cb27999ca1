/** What the templates say around the help of the settings. */
export interface Phrases {
  readonly about: string;
  readonly supportedFrom: (version: string) => string;
  readonly defaults: string;
  readonly defaultsExplained: string;
  readonly standard: (value: string) => string;
  readonly nothing: string;
  readonly isPersonal: string;
  readonly afterRestart: string;
  readonly failsClosed: (value: string) => string;
  readonly oneOnEachLine: string;
  readonly certificates: string;
  readonly json: string;
}

export const phrases: Readonly<Record<'en' | 'de' | 'es' | 'fr' | 'it', Phrases>> = {
  en: {
    about: 'The settings of Relevo, the emergency mail client.',
    supportedFrom: (version) => `Relevo ${version} or later`,
    defaults: 'Defaults that the person may change',
    defaultsExplained:
      'What holds as long as the person chooses nothing else. Settings outside this folder are locked.',
    standard: (value) => `Not configured: ${value}.`,
    nothing: 'nothing',
    isPersonal: 'The person may choose a value of their own unless it is set here.',
    afterRestart: 'A change takes effect when the app is started again.',
    failsClosed: (value) => `If the value cannot be understood, the strictest one holds: ${value}.`,
    oneOnEachLine: 'One entry on each line.',
    certificates: 'PEM certificates, one after the other.',
    json: 'JSON text, on one line or several; relevo.schema.json describes it.',
  },
  de: {
    about: 'Die Einstellungen von Relevo, dem Mailprogramm für den Notfall.',
    supportedFrom: (version) => `Relevo ${version} oder neuer`,
    defaults: 'Vorgaben, die die Person ändern darf',
    defaultsExplained:
      'Was gilt, solange die Person nichts anderes wählt. Einstellungen außerhalb dieses Ordners sind gesperrt.',
    standard: (value) => `Nicht konfiguriert: ${value}.`,
    nothing: 'nichts',
    isPersonal: 'Die Person darf einen eigenen Wert wählen, solange hier keiner gesetzt ist.',
    afterRestart: 'Eine Änderung wirkt, sobald die App neu gestartet wird.',
    failsClosed: (value) => `Ist der Wert nicht zu verstehen, gilt der strengste: ${value}.`,
    oneOnEachLine: 'Ein Eintrag je Zeile.',
    certificates: 'PEM-Zertifikate, eines nach dem anderen.',
    json: 'JSON-Text in einer oder mehreren Zeilen; relevo.schema.json beschreibt ihn.',
  },
  es: {
    about: 'Los ajustes de Relevo, el cliente de correo de emergencia.',
    supportedFrom: (version) => `Relevo ${version} o posterior`,
    defaults: 'Valores predeterminados que la persona puede cambiar',
    defaultsExplained:
      'Lo que vale mientras la persona no elija otra cosa. Los ajustes fuera de esta carpeta están bloqueados.',
    standard: (value) => `Sin configurar: ${value}.`,
    nothing: 'nada',
    isPersonal: 'La persona puede elegir un valor propio mientras no se establezca aquí.',
    afterRestart: 'Un cambio surte efecto cuando se vuelve a iniciar la aplicación.',
    failsClosed: (value) => `Si el valor no se entiende, rige el más estricto: ${value}.`,
    oneOnEachLine: 'Una entrada por línea.',
    certificates: 'Certificados PEM, uno tras otro.',
    json: 'Texto JSON, en una o varias líneas; lo describe relevo.schema.json.',
  },
  fr: {
    about: 'Les réglages de Relevo, le client de messagerie de secours.',
    supportedFrom: (version) => `Relevo ${version} ou ultérieur`,
    defaults: 'Valeurs par défaut que la personne peut modifier',
    defaultsExplained:
      'Ce qui vaut tant que la personne ne choisit rien d’autre. Les réglages hors de ce dossier sont verrouillés.',
    standard: (value) => `Non configuré : ${value}.`,
    nothing: 'rien',
    isPersonal: 'La personne peut choisir sa propre valeur tant qu’aucune n’est fixée ici.',
    afterRestart: 'Une modification prend effet au redémarrage de l’application.',
    failsClosed: (value) => `Si la valeur ne peut pas être comprise, la plus stricte s’applique : ${value}.`,
    oneOnEachLine: 'Une entrée par ligne.',
    certificates: 'Certificats PEM, l’un après l’autre.',
    json: 'Texte JSON, sur une ou plusieurs lignes ; relevo.schema.json le décrit.',
  },
  it: {
    about: 'Le impostazioni di Relevo, il client di posta di emergenza.',
    supportedFrom: (version) => `Relevo ${version} o successivo`,
    defaults: 'Valori predefiniti che la persona può cambiare',
    defaultsExplained:
      'Ciò che vale finché la persona non sceglie altro. Le impostazioni fuori da questa cartella sono bloccate.',
    standard: (value) => `Non configurato: ${value}.`,
    nothing: 'niente',
    isPersonal: 'La persona può scegliere un valore proprio finché qui non ne è impostato uno.',
    afterRestart: 'Una modifica ha effetto al riavvio dell’app.',
    failsClosed: (value) => `Se il valore non è comprensibile, vale il più rigido: ${value}.`,
    oneOnEachLine: 'Una voce per riga.',
    certificates: 'Certificati PEM, uno dopo l’altro.',
    json: 'Testo JSON, su una o più righe; lo descrive relevo.schema.json.',
  },
};
