import type { Help } from './help.ts';

export const de: Help = {
  groups: {
    admin: 'Administration',
    accounts: 'Postfächer',
    continuity: 'Notfallpostfach',
    provisioning: 'Bereitstellung',
    keystore: 'Schlüsselspeicher',
    network: 'Netzwerk',
    sync: 'Offlinekopie',
    failover: 'Erkennen eines Ausfalls',
    bulletins: 'Meldungen',
    maintenance: 'Geplante Wartung',
    reconcile: 'Nach einem Ausfall',
    sending: 'Senden',
  },
  settings: {
    'admin.contact': {
      title: 'Ansprechpartner',
      text: 'Wie die Person ihre Administration erreicht: eine Adresse, eine Nummer oder eine Seite. Steht neben gesperrten Einstellungen.',
    },
    accounts: {
      title: 'Postfächer der Person',
      text: 'Die Postfächer der Person, jedes mit seinen beiden Anbietern.',
    },
    'continuity.provider': {
      title: 'Anbieter der Notfallpostfächer',
      text: 'Wo dieser Rechner Registrierungscodes einlöst: die Adresse der Schnittstelle des Anbieters und die Fingerabdrücke (JWK-Thumbprints) der Schlüssel, die seine Antworten signieren. Ist das gesetzt, führt kein Link zu einem anderen Anbieter.',
    },
    'continuity.domain': {
      title: 'Was der Anbieter von Ihrer Domäne braucht',
      text: 'Was die Bereitschaftsprüfung im DNS nachliest und nie schreibt: „spf“, der Name des SPF-Eintrags des Anbieters, den der Ihrer Domäne einbinden muss; „dkimSelector“, unter dem der Anbieter für die Domäne signiert; „mx“, die Mailserver des Anbieters, zu denen Mail führt oder umgeleitet werden kann. Was fehlt, wird nicht geprüft.',
    },
    'continuity.warm': {
      title: 'Stets eine Sitzung mit dem Notfallpostfach',
      text: 'Ob jeder Rechner eine angemeldete Verbindung zum Notfallpostfach offen hält, solange alles in Ordnung ist, sodass ein Ausfall gleich mit den neuesten Nachrichten beginnt. Fragen Sie Ihren Anbieter: Es sind so viele Verbindungen, wie es Rechner gibt.',
    },
    'provisioning.file': {
      title: 'Datei mit den ersten Geheimnissen',
      text: 'Eine Datei mit den ersten Geheimnissen, die die Geräteverwaltung bringt. Sie wird einmal gelesen, versiegelt und dann gelöscht.',
    },
    'provisioning.sealed': {
      title: 'Erste Geheimnisse, für diesen Rechner verschlüsselt',
      text: 'Derselbe Inhalt wie in der Datei mit den ersten Geheimnissen, als JWE für den Schlüssel in device-key.json des Profils. Lesen darf ihn jeder, öffnen kann ihn nur dieser Rechner. Jeder Wert wird einmal übernommen.',
    },
    'keystore.allowUnprotected': {
      title: 'Ohne Schlüsselspeicher starten',
      text: 'Nur Linux: auch starten, wenn der Desktop keinen Schlüsselspeicher hat. Die Schlüssel liegen dann ungeschützt auf der Platte.',
    },
    'keystore.escrowKey': {
      title: 'Schlüssel für die Wiederherstellungscodes der IT',
      text: 'Ein öffentlicher Schlüssel (JWK: RSA ab 2048 Bit oder EC). Jeder Rechner erzeugt einen Wiederherstellungscode und verschlüsselt ihn für diesen Schlüssel, in recovery.jwe seines Profils. Wer den privaten Schlüssel hat, kann die Nachrichten eines Rechners öffnen, der seinen Schlüsselspeicher verloren hat.',
    },
    'keystore.keepUnreadableDays': {
      title: 'Tage, die nicht lesbare Nachrichten aufbewahrt werden',
      text: 'Beginnt jemand neu, weil die Schlüssel nicht lesbar sind, wird die alte Kopie verschlüsselt, wie sie ist, so viele Tage beiseitegelegt, falls der Schlüsselspeicher wiederkommt. 0 löscht sie sofort.',
    },
    'network.certificates': {
      title: 'Weitere Zertifizierungsstellen',
      text: 'Zertifizierungsstellen (PEM), denen neben denen des Systems vertraut wird.',
    },
    'network.neutralHosts': {
      title: 'Hosts, die zeigen, ob es ein Netz gibt',
      text: 'Hosts, die zu keinem der beiden Anbieter gehören, als Host:Port. Ist keiner davon erreichbar, hat dieser Laptop kein Netz.',
    },
    'network.portalCheck': {
      title: 'Seite, die ein Anmeldeportal verrät',
      text: 'Eine Seite unter einer http-Adresse, deren Text bekannt ist. Wer an ihrer Stelle antwortet, ist ein Anmeldeportal, wie Hotels und Züge es haben; dahinter wird nicht auf eine Störung geschlossen. Leer: wird nicht gefragt.',
    },
    'network.portalCheckAnswer': {
      title: 'Was auf dieser Seite steht',
      text: 'Ein Stück vom Text dieser Seite.',
    },
    'network.proxyMode': {
      title: 'Proxy',
      text: 'Wie Server erreicht werden: wie das System es sagt; ohne Proxy; über den hier genannten Proxy; wie eine PAC-Datei es sagt; oder wie WPAD es findet.',
    },
    'network.proxyServer': {
      title: 'Proxyserver',
      text: 'Für die Art „fixed“: Host:Port eines HTTP-Proxys, oder https://Host:Port, oder socks5://Host:Port. Er muss die Ports 993 und 587 durchlassen. Benutzer und Passwort bringt die Bereitstellungsdatei.',
    },
    'network.proxyPac': {
      title: 'Adresse der PAC-Datei',
      text: 'Für die Art „pac“: http, https oder file. Sie wird nach https://Host:Port jedes Mailservers gefragt.',
    },
    'network.proxyBypass': {
      title: 'Ohne Proxy erreicht',
      text: 'Für die Art „fixed“: Hosts, die direkt erreicht werden, wie Chromium sie schreibt, z. B. *.corp.example, 10.0.0.0/8.',
    },
    'network.emergencyDirect': {
      title: 'Notfallweg ohne Proxy',
      text: 'Wenn der Proxy selbst nicht antwortet, wird der Notfallanbieter direkt erreicht. Exchange nie.',
    },
    'network.pins': {
      title: 'Schlüssel des Notfallanbieters',
      text: 'Base64-SHA-256-Prüfsummen der öffentlichen Schlüssel (SPKI), die die Server des Notfallanbieters haben dürfen. Nennen Sie auch den nächsten Schlüssel. Keine: jedes Zertifikat einer vertrauten Stelle für den richtigen Namen.',
    },
    'sync.windowDays': {
      title: 'Tage, deren Mails kopiert werden',
      text: 'Wie viele Tage an Mails die Offlinekopie enthält.',
    },
    'sync.maximumWindowDays': {
      title: 'Höchstzahl an Tagen, die eine Person wählen darf',
      text: 'Wie viele Tage an Mails eine Person für die Offlinekopie höchstens wählen darf.',
    },
    'sync.leftOutFolders': {
      title: 'Ordner, die nicht kopiert werden',
      text: 'Exchange-Ordner, die in der Kopie fehlen sollen, mit vollem Namen, samt allem darunter.',
    },
    'sync.largestAttachmentMegabytes': {
      title: 'Größter Anhang, der kopiert wird',
      text: 'Anhänge bis zu so vielen Megabyte liegen in der Offline-Kopie; von größeren nur Name und Größe, bis die Person sie anfordert.',
    },
    'sync.diskMegabytes': {
      title: 'Speicherplatz für die Offline-Kopie',
      text: 'Etwa so viele Megabyte darf die Offline-Kopie belegen. Nahe daran gehen zuerst die ältesten Anhänge, die Exchange noch hat, nie die angehefteter Konversationen. 0: so viel wie nötig.',
    },
    'sync.lookThroughSeconds': {
      title: 'Wie oft ganze Ordner durchgesehen werden',
      text: 'Wie oft jede Mail jedes Ordners mit der Kopie verglichen wird, in Sekunden; die neuesten werden viel öfter verglichen.',
    },
    'sync.pollSeconds': {
      title: 'Wie oft nach neuen Mails gefragt wird',
      text: 'Wie oft nach neuen Mails gefragt wird, wo der Server sie nicht meldet, in Sekunden.',
    },
    'failover.probeSeconds': {
      title: 'Wie oft Exchange geprüft wird',
      text: 'Wie oft Exchange um ein Lebenszeichen gebeten wird, in Sekunden.',
    },
    'failover.deadlineSeconds': {
      title: 'Wie lange ein Lebenszeichen dauern darf',
      text: 'Wie lange ein Lebenszeichen dauern darf, bis Exchange verdächtigt wird, und eine neue Verbindung, bis der Verdacht bestätigt ist, in Sekunden.',
    },
    'failover.idleProbeSeconds': {
      title: 'Wie oft Exchange geprüft wird, wenn niemand da ist',
      text: 'Wie oft Exchange um ein Lebenszeichen gebeten wird, während niemand den Rechner benutzt, in Sekunden; im Akkubetrieb halb so oft.',
    },
    'failover.signInMinutes': {
      title: 'Wie lange die Anmeldung fehlen darf',
      text: 'Wenn der Identitätsanbieter nicht antwortet und sich niemand bei Exchange anmelden kann: nach wie vielen Minuten das Notfallpostfach übernimmt. 0: nie.',
    },
    'failover.healthPages': {
      title: 'Zustandsseiten von Exchange',
      text: 'Seiten eines eigenen Exchange, die mit 200 antworten, solange es ihm gut geht, zum Beispiel https://mail.example.com/owa/healthcheck.htm. Sie werden nur gefragt, wenn eine Verbindung abgelehnt wurde, und unterscheiden einen Dienst, der neu startet, von einem Server, der fort ist.',
    },
    'failover.holdDownSeconds': {
      title: 'Wie lange Exchange wieder gesund sein muss',
      text: 'Wie lange Exchange fehlerfrei antworten muss, bevor es wieder der Weg ist, in Sekunden.',
    },
    'failover.spreadSeconds': {
      title: 'Über welche Zeit alle umziehen',
      text: 'Wenn ein Ausfall beginnt oder endet, kommt jeder Computer innerhalb dieser Zeit zu einem eigenen Zeitpunkt zum anderen Server, in Sekunden, damit kein Server allen zugleich begegnet. Was jemand sendet, wartet nicht darauf. Ab 90 werden 2 % aller Computer in einer Sekunde nicht überschritten.',
    },
    'failover.personMayChoose': {
      title: 'Ob eine Person den Weg wählen darf',
      text: 'Ob eine Person nach eigener Wahl über das Notfallpostfach oder über Exchange arbeiten darf, gleich was Relevo von Exchange sieht. Eine Meldung hat Vorrang und beendet die Wahl.',
    },
    'failover.choiceHours': {
      title: 'Wie lange eine solche Wahl gilt',
      text: 'Nach so vielen Stunden entscheidet Relevo wieder selbst.',
    },
    'bulletins.urls': {
      title: 'Wo Meldungen stehen',
      text: 'HTTPS-Adressen, unter denen das Unternehmen Störungen, Wartungen, Übungen und Vorfälle durch signierte Meldungen erklärt. Alle werden abgefragt. Wählen Sie Orte, die weder von Exchange noch von dessen Anmeldung abhängen.',
    },
    'bulletins.file': {
      title: 'Datei mit Meldungen',
      text: 'Eine Datei auf diesem Computer mit signierten Meldungen, eine je Zeile, wie die Geräteverwaltung sie bringt. Sie wird so oft angesehen wie die Adressen.',
    },
    'bulletins.keys': {
      title: 'Schlüssel, die Meldungen signieren',
      text: 'Fingerabdrücke (JWK-Thumbprints) der Schlüssel, deren Meldungen geglaubt wird. Nennen Sie zum Wechseln eine Zeit lang den alten und den neuen. Ein Schlüssel, der entfernt wird, hat nichts mehr zu sagen.',
    },
    'bulletins.graveKeys': {
      title: 'Schlüssel, die Vorfälle signieren',
      text: 'Fingerabdrücke der Schlüssel, die auch einen Vorfall erklären und wieder freigeben dürfen, bei dem Exchange nicht berührt und seine Zugangsdaten nicht verwendet werden. Bewahren Sie sie getrennt von den gewöhnlichen auf. Keiner: niemand kann es.',
    },
    'bulletins.groups': {
      title: 'Gruppen dieses Computers',
      text: 'Namen der Gruppen, zu denen dieser Computer oder seine Person gehört. Meldungen können für einzelne Gruppen bestimmt sein.',
    },
    'bulletins.pollSeconds': {
      title: 'Wie oft nach Meldungen gesehen wird',
      text: 'Wie oft die Adressen nach Neuem gefragt werden, in Sekunden; jeder Computer weicht bis zu einem Viertel ab. Was sich nicht geändert hat, wird nicht noch einmal übertragen.',
    },
    'maintenance.urgentMail': {
      title: 'Dringende Mails während geplanter Wartung',
      text: 'Ob eine Person einzelne Nachrichten über das Notfallpostfach senden darf, während eine geplante Wartung die anderen zurückhält.',
    },
    'reconcile.handoverWaitSeconds': {
      title: 'Wie lange auf die Übergabe gewartet wird',
      text: 'Wie lange nach der Rückkehr von Exchange gewartet wird, bis das Gateway übergibt, was es angenommen hat, bevor die App es selbst ablegt, in Sekunden.',
    },
    'sending.undoSeconds': {
      title: 'Wie lange eine Nachricht zurückgeholt werden kann',
      text: 'Wie viele Sekunden eine Nachricht nach dem Senden festgehalten wird, damit sie zurückgeholt werden kann. 0: Sie geht sofort hinaus.',
    },
    'sending.sentCopyWaitSeconds': {
      title: 'Wie lange auf die Kopie in Gesendete Elemente gewartet wird',
      text: 'Wie lange gewartet wird, bis der Server eine gesendete Nachricht selbst in Gesendete Elemente ablegt, bevor die App es tut, in Sekunden.',
    },
  },
};
