import type { Help } from './help.ts';

export const it: Help = {
  groups: {
    admin: 'Amministrazione',
    accounts: 'Caselle di posta',
    continuity: 'Casella di emergenza',
    provisioning: 'Provisioning',
    keystore: 'Archivio delle chiavi',
    network: 'Rete',
    sync: 'Copia offline',
    failover: 'Rilevamento di un’interruzione',
    bulletins: 'Avvisi',
    maintenance: 'Manutenzione programmata',
    reconcile: 'Dopo un’interruzione',
    sending: 'Invio',
  },
  settings: {
    'admin.contact': {
      title: 'A chi rivolgersi',
      text: 'Come la persona raggiunge la propria amministrazione: un indirizzo, un numero o una pagina. Mostrato accanto alle impostazioni bloccate.',
    },
    accounts: {
      title: 'Caselle di posta della persona',
      text: 'Le caselle di posta della persona, ciascuna con i suoi due provider.',
    },
    'continuity.provider': {
      title: 'Fornitore delle caselle di emergenza',
      text: 'Dove questo computer riscatta i codici di registrazione: l’indirizzo dell’API del fornitore e le impronte (JWK thumbprint) delle chiavi che firmano le sue risposte. Se è impostato, nessun link porta a un altro fornitore.',
    },
    'continuity.domain': {
      title: 'Che cosa serve al fornitore del Suo dominio',
      text: 'Che cosa la verifica legge nel DNS, senza mai scrivervi: «spf», il nome del record SPF del fornitore, che quello del dominio deve includere; «dkimSelector», con cui il fornitore firma per il dominio; «mx», i server del fornitore a cui la posta arriva o può essere deviata. Ciò che manca non viene verificato.',
    },
    'continuity.warm': {
      title: 'Sempre una sessione con la casella di emergenza',
      text: 'Se ogni computer mantiene una connessione con la casella di emergenza mentre tutto va bene, così che un’interruzione inizi con la posta più recente. Chieda al Suo fornitore: sono tante connessioni quanti computer.',
    },
    'provisioning.file': {
      title: 'File con i primi segreti',
      text: 'Un file con i primi segreti, portato dalla gestione dei dispositivi. Viene letto una volta, sigillato e poi eliminato.',
    },
    'provisioning.sealed': {
      title: 'Primi segreti, cifrati per questo computer',
      text: 'Lo stesso contenuto del file con i primi segreti, come JWE per la chiave in device-key.json del profilo. Chiunque può leggerlo; solo questo computer può aprirlo. Ogni valore viene preso una volta.',
    },
    'keystore.allowUnprotected': {
      title: 'Avviare senza archivio delle chiavi',
      text: 'Solo Linux: avviare anche se il desktop non ha un archivio delle chiavi; le chiavi restano senza protezione sul disco.',
    },
    'keystore.escrowKey': {
      title: 'Chiave per i codici di recupero del reparto IT',
      text: 'Una chiave pubblica (JWK: RSA da 2048 bit, o EC). Ogni computer crea un codice di recupero e lo cifra per questa chiave, in recovery.jwe del suo profilo. Chi ha la chiave privata può aprire la posta di un computer che ha perso l’archivio delle chiavi.',
    },
    'keystore.keepUnreadableDays': {
      title: 'Giorni di conservazione della posta illeggibile',
      text: 'Quando una persona ricomincia perché le chiavi non sono leggibili, la vecchia copia viene messa da parte, cifrata com’è, per questi giorni, nel caso in cui l’archivio delle chiavi ritorni. 0 la elimina subito.',
    },
    'network.certificates': {
      title: 'Ulteriori autorità di certificazione',
      text: 'Autorità di certificazione (PEM) di cui fidarsi oltre a quelle del sistema.',
    },
    'network.neutralHosts': {
      title: 'Host che indicano se c’è rete',
      text: 'Host estranei a entrambi i provider, come host:porta. Se nessuno è raggiungibile, questo portatile non ha rete.',
    },
    'network.portalCheck': {
      title: 'Pagina che rivela un captive portal',
      text: 'Una pagina a un indirizzo http di cui si conosce il testo. Chi risponde al suo posto è un captive portal, come negli alberghi e sui treni, e da dietro di esso non si deduce alcun guasto. Vuoto: non viene interrogata.',
    },
    'network.portalCheckAnswer': {
      title: 'Che cosa dice quella pagina',
      text: 'Un frammento del testo di quella pagina.',
    },
    'network.proxyMode': {
      title: 'Proxy',
      text: 'Come si raggiungono i server: come dice il sistema; senza proxy; tramite il proxy indicato qui; come dice un file PAC; o come trova WPAD.',
    },
    'network.proxyServer': {
      title: 'Server proxy',
      text: 'Per la modalità «fixed»: host:porta di un proxy HTTP, oppure https://host:porta, oppure socks5://host:porta. Deve lasciar passare le porte 993 e 587. Utente e password arrivano con il file di provisioning.',
    },
    'network.proxyPac': {
      title: 'Indirizzo del file PAC',
      text: 'Per la modalità «pac»: http, https o file. Gli si chiede di https://host:porta di ogni server di posta.',
    },
    'network.proxyBypass': {
      title: 'Raggiunti senza proxy',
      text: 'Per la modalità «fixed»: host raggiunti direttamente, come li scrive Chromium, ad es. *.corp.example, 10.0.0.0/8.',
    },
    'network.emergencyDirect': {
      title: 'Via di emergenza senza proxy',
      text: 'Quando il proxy stesso non risponde, il fornitore di continuità è raggiunto direttamente. Exchange mai.',
    },
    'network.pins': {
      title: 'Chiavi del fornitore di continuità',
      text: 'Impronte SHA-256 in base64 delle chiavi pubbliche (SPKI) che i server del fornitore di continuità possono avere. Indichi anche la chiave successiva. Nessuna: qualsiasi certificato di un’autorità attendibile per il nome giusto.',
    },
    'sync.windowDays': {
      title: 'Giorni di posta da copiare',
      text: 'Quanti giorni di posta contiene la copia offline.',
    },
    'sync.maximumWindowDays': {
      title: 'Massimo di giorni che una persona può scegliere',
      text: 'Quanti giorni di posta una persona può scegliere al massimo per la copia offline.',
    },
    'sync.leftOutFolders': {
      title: 'Cartelle che non vengono copiate',
      text: 'Cartelle di Exchange escluse dalla copia, con il nome completo e tutto ciò che contengono.',
    },
    'sync.largestAttachmentMegabytes': {
      title: 'Allegato più grande da copiare',
      text: 'Gli allegati fino a questo numero di megabyte sono nella copia offline; di quelli più grandi solo il nome e la dimensione, finché la persona non li chiede.',
    },
    'sync.diskMegabytes': {
      title: 'Spazio su disco per la copia offline',
      text: 'Quanti megabyte può occupare, circa, la copia offline. Vicino al limite vanno via per primi gli allegati più vecchi che Exchange ha ancora, mai quelli delle conversazioni fissate. 0: quanto serve.',
    },
    'sync.lookThroughSeconds': {
      title: 'Ogni quanto si controllano intere cartelle',
      text: 'Ogni quanto ogni messaggio di ogni cartella viene confrontato con la copia, in secondi; i più recenti molto più spesso.',
    },
    'sync.pollSeconds': {
      title: 'Ogni quanto chiedere la nuova posta',
      text: 'Ogni quanto chiedere la nuova posta quando il server non la segnala, in secondi.',
    },
    'failover.probeSeconds': {
      title: 'Ogni quanto si controlla Exchange',
      text: 'Ogni quanto si chiede a Exchange un segno di vita, in secondi.',
    },
    'failover.deadlineSeconds': {
      title: 'Quanto può impiegare un segno di vita',
      text: 'Quanto può impiegare un segno di vita prima che Exchange sia sospettato, e una nuova connessione prima che sia confermato, in secondi.',
    },
    'failover.idleProbeSeconds': {
      title: 'Ogni quanto controllare Exchange quando non c’è nessuno',
      text: 'Ogni quanto chiedere a Exchange un segno di vita mentre nessuno usa il computer, in secondi; a batteria la metà delle volte.',
    },
    'failover.signInMinutes': {
      title: 'Per quanto può mancare l’accesso',
      text: 'Se il provider di identità non risponde e nessuno può accedere a Exchange: dopo quanti minuti subentra la casella di emergenza. 0: mai.',
    },
    'failover.healthPages': {
      title: 'Pagine di stato di Exchange',
      text: 'Pagine di un Exchange proprio che rispondono 200 finché sta bene, per esempio https://mail.example.com/owa/healthcheck.htm. Vengono interrogate solo quando una connessione è rifiutata, e distinguono un servizio che si riavvia da un server scomparso.',
    },
    'failover.holdDownSeconds': {
      title: 'Per quanto Exchange deve rispondere bene',
      text: 'Per quanto tempo Exchange deve rispondere senza errori prima di tornare a essere il percorso, in secondi.',
    },
    'failover.spreadSeconds': {
      title: 'In quanto tempo si spostano tutti',
      text: 'Quando un’interruzione comincia o finisce, ogni computer raggiunge l’altro server in un momento proprio entro questo tempo, in secondi, affinché nessun server li riceva tutti insieme. Ciò che una persona invia non aspetta. Da 90 in su non si supera il 2% dei computer in un secondo.',
    },
    'failover.personMayChoose': {
      title: 'Se una persona può scegliere il percorso',
      text: 'Se una persona può lavorare dalla casella di emergenza o da Exchange per propria scelta, qualunque cosa Relevo veda di Exchange. Un avviso ha la precedenza e vi pone fine.',
    },
    'failover.choiceHours': {
      title: 'Per quanto vale tale scelta',
      text: 'Dopo queste ore Relevo decide di nuovo da solo.',
    },
    'bulletins.urls': {
      title: 'Dove si pubblicano gli avvisi',
      text: 'Indirizzi HTTPS ai quali l’azienda dichiara interruzioni, manutenzioni, esercitazioni e incidenti con avvisi firmati. Vengono interrogati tutti. Scelga luoghi che non dipendano da Exchange né dal suo accesso.',
    },
    'bulletins.file': {
      title: 'File con avvisi',
      text: 'Un file su questo computer con avvisi firmati, uno per riga, come lo porta la gestione dei dispositivi. Viene consultato con la stessa frequenza degli indirizzi.',
    },
    'bulletins.keys': {
      title: 'Chiavi che firmano gli avvisi',
      text: 'Impronte (JWK thumbprint) delle chiavi ai cui avvisi si crede. Per cambiare chiave, indichi per un po’ la vecchia e la nuova. Una chiave tolta non conta più.',
    },
    'bulletins.graveKeys': {
      title: 'Chiavi che firmano gli incidenti',
      text: 'Impronte delle chiavi che possono anche dichiarare e revocare un incidente, durante il quale Exchange non viene toccato e le sue credenziali non si usano. Le conservi separate da quelle ordinarie. Nessuna: nessuno può farlo.',
    },
    'bulletins.groups': {
      title: 'Gruppi di questo computer',
      text: 'Nomi dei gruppi a cui appartiene questo computer o la sua persona. Gli avvisi possono riguardare solo alcuni gruppi.',
    },
    'bulletins.pollSeconds': {
      title: 'Ogni quanto si cercano avvisi',
      text: 'Ogni quanto si chiede agli indirizzi se ci sono novità, in secondi; ogni computer varia fino a un quarto. Ciò che non è cambiato non viene trasferito di nuovo.',
    },
    'maintenance.urgentMail': {
      title: 'Posta urgente durante la manutenzione programmata',
      text: 'Se una persona può inviare singoli messaggi dalla casella di emergenza mentre una manutenzione programmata trattiene gli altri.',
    },
    'reconcile.handoverWaitSeconds': {
      title: 'Quanto attendere la consegna',
      text: 'Quanto attendere, dopo il ritorno di Exchange, che il gateway consegni ciò che ha ricevuto, prima che l’app lo archivi da sé, in secondi.',
    },
    'sending.undoSeconds': {
      title: 'Per quanto tempo un messaggio si può riprendere',
      text: 'Per quanti secondi un messaggio viene trattenuto dopo Invia, per poterlo riprendere. 0: parte subito.',
    },
    'sending.sentCopyWaitSeconds': {
      title: 'Quanto attendere la copia in Posta inviata',
      text: 'Quanto attendere che il server archivi da sé un messaggio inviato in Posta inviata, prima che lo faccia l’app, in secondi.',
    },
  },
};
