import type { Help } from './help.ts';

export const en: Help = {
  groups: {
    admin: 'Administrator',
    accounts: 'Mailboxes',
    continuity: 'Emergency mailbox',
    provisioning: 'Provisioning',
    keystore: 'Key store',
    network: 'Network',
    sync: 'Offline copy',
    failover: 'Noticing an outage',
    bulletins: 'Bulletins',
    maintenance: 'Planned maintenance',
    reconcile: 'After an outage',
    sending: 'Sending',
  },
  settings: {
    'admin.contact': {
      title: 'Whom to ask',
      text: 'How the person reaches their administrator: an address, a number or a page. Shown beside locked settings.',
    },
    accounts: {
      title: 'Mailboxes of the person',
      text: 'The mailboxes of the person, each with its two providers.',
    },
    'continuity.provider': {
      title: 'Provider of the emergency mailboxes',
      text: 'Where this computer redeems enrolment codes: the address of the provider’s API, and the fingerprints (JWK thumbprints) of the keys that sign its answers. Where this is set, no link leads to another provider.',
    },
    'continuity.domain': {
      title: 'What the provider needs of your domain',
      text: 'What readiness looks up in DNS, and never writes: “spf”, the name of the provider’s SPF record, which the domain’s own must include; “dkimSelector”, under which the provider signs as the domain; “mx”, the provider’s mail servers, to which mail leads or can be turned. What is left out is not checked.',
    },
    'continuity.warm': {
      title: 'A session with the emergency mailbox at all times',
      text: 'Whether each computer keeps one connection with the emergency mailbox signed in while all is well, so that an outage begins with the newest mail. Ask your provider: it means as many connections as there are computers.',
    },
    'provisioning.file': {
      title: 'File with the first secrets',
      text: 'A file with the first secrets, brought by the device management. Read once, sealed, then deleted.',
    },
    'provisioning.sealed': {
      title: 'First secrets, encrypted for this computer',
      text: 'The same content as the file with the first secrets, as a JWE for the key in device-key.json of the profile. Anybody may read it; only this computer can open it. Each value is taken once.',
    },
    'keystore.allowUnprotected': {
      title: 'Start without a key store',
      text: 'Linux only: start although the desktop has no key store, which leaves the keys unprotected on disk.',
    },
    'keystore.escrowKey': {
      title: 'Key for the recovery codes of IT',
      text: 'A public key (JWK: RSA from 2048 bits, or EC). Each laptop makes a recovery code and encrypts it to this key, in recovery.jwe of its profile. Whoever has the private key can open the mail of a laptop that has lost its key store.',
    },
    'keystore.keepUnreadableDays': {
      title: 'Days to keep mail that cannot be opened',
      text: 'When a person begins anew because the keys cannot be read, the old copy is set aside, encrypted as it is, for this many days, in case the key store comes back. 0 deletes it at once.',
    },
    'network.certificates': {
      title: 'Additional certificate authorities',
      text: 'Certificate authorities (PEM) to trust besides those of the system.',
    },
    'network.neutralHosts': {
      title: 'Hosts that tell whether there is a network',
      text: 'Hosts of neither provider, as host:port. If none of them can be reached, this laptop has no network.',
    },
    'network.portalCheck': {
      title: 'Page that tells a captive portal',
      text: 'A page at an http address whose text is known. Whoever answers in its place is a captive portal, as hotels and trains have them, and no outage is concluded from behind one. Empty: not asked.',
    },
    'network.portalCheckAnswer': {
      title: 'What that page says',
      text: 'A piece of that page’s text.',
    },
    'network.proxyMode': {
      title: 'Proxy',
      text: 'How servers are reached: as the system says; without a proxy; through the one proxy named here; as a PAC file says; or as WPAD finds.',
    },
    'network.proxyServer': {
      title: 'Proxy server',
      text: 'For the mode “fixed”: host:port of an HTTP proxy, or https://host:port, or socks5://host:port. It has to let ports 993 and 587 through. User and password are brought by the provisioning file.',
    },
    'network.proxyPac': {
      title: 'Address of the PAC file',
      text: 'For the mode “pac”: http, https or file. It is asked for https://host:port of each mail server.',
    },
    'network.proxyBypass': {
      title: 'Reached without the proxy',
      text: 'For the mode “fixed”: hosts that are reached directly, as Chromium writes them, e.g. *.corp.example, 10.0.0.0/8.',
    },
    'network.emergencyDirect': {
      title: 'Emergency route without the proxy',
      text: 'When the proxy itself does not answer, the continuity provider is reached directly. Exchange never is.',
    },
    'network.pins': {
      title: 'Keys of the continuity provider',
      text: 'Base64 SHA-256 digests of the public keys (SPKI) that the continuity provider’s servers may have. Name the next key as well. None: any certificate of a trusted authority for the right name.',
    },
    'sync.windowDays': {
      title: 'Days of mail to copy',
      text: 'How many days of mail the offline copy holds.',
    },
    'sync.maximumWindowDays': {
      title: 'Most days of mail a person may choose',
      text: 'The most days of mail that a person may choose for the offline copy.',
    },
    'sync.leftOutFolders': {
      title: 'Folders that are not copied',
      text: 'Folders of Exchange that are left out of the copy, by their full names, with what is below them.',
    },
    'sync.largestAttachmentMegabytes': {
      title: 'Largest attachment to copy',
      text: 'Attachments up to so many megabytes are in the offline copy; of larger ones only the name and size, until the person asks for them.',
    },
    'sync.diskMegabytes': {
      title: 'Disk space for the offline copy',
      text: 'About how many megabytes the offline copy may take. Near that, the oldest attachments that Exchange still has go first, none of pinned conversations. 0: as much as it needs.',
    },
    'sync.lookThroughSeconds': {
      title: 'How often whole folders are looked through',
      text: 'How often every message of every folder is compared with the copy, in seconds; the newest are compared far more often.',
    },
    'sync.pollSeconds': {
      title: 'How often to ask for new mail',
      text: 'How often to ask for new mail where the server does not tell, in seconds.',
    },
    'failover.probeSeconds': {
      title: 'How often Exchange is probed',
      text: 'How often Exchange is asked for a sign of life, in seconds.',
    },
    'failover.deadlineSeconds': {
      title: 'How long a sign of life may take',
      text: 'How long a sign of life may take before Exchange is suspected, and a fresh connection before that is confirmed, in seconds.',
    },
    'failover.idleProbeSeconds': {
      title: 'How often Exchange is probed while nobody is there',
      text: 'How often Exchange is asked for a sign of life while nobody uses the computer, in seconds; on battery half as often.',
    },
    'failover.signInMinutes': {
      title: 'How long sign-in may be away',
      text: 'When the identity provider does not answer and nobody can sign in to Exchange: after how many minutes the emergency mailbox takes over. 0: never.',
    },
    'failover.healthPages': {
      title: 'Health pages of Exchange',
      text: 'Pages of an Exchange of your own that answer 200 while it is well, for example https://mail.example.com/owa/healthcheck.htm. They are asked only when a connection was refused, and tell a service that restarts from a server that is gone.',
    },
    'failover.holdDownSeconds': {
      title: 'How long Exchange must be sound again',
      text: 'How long Exchange must answer without a fault before it is the route again, in seconds.',
    },
    'failover.spreadSeconds': {
      title: 'Over how long everybody moves',
      text: 'When an outage begins or ends, each computer comes to the other server at a moment of its own within this time, in seconds, so that no server meets everybody at once. What a person sends does not wait for it. 2% of all computers in a second are not exceeded from 90 on.',
    },
    'failover.personMayChoose': {
      title: 'Whether a person may choose the way',
      text: 'Whether a person may go through the emergency mailbox or through Exchange by their own choice, whatever Relevo sees of Exchange. A bulletin outranks it, and ends it.',
    },
    'failover.choiceHours': {
      title: 'How long such a choice counts',
      text: 'After so many hours Relevo decides by itself again.',
    },
    'bulletins.urls': {
      title: 'Where bulletins are posted',
      text: 'HTTPS addresses at which the company declares outages, maintenance, drills and incidents by signed bulletins. All of them are asked. Choose places that depend neither on Exchange nor on its sign-in.',
    },
    'bulletins.file': {
      title: 'File with bulletins',
      text: 'A file on this computer with signed bulletins, one on each line, as the device management brings it. Looked at as often as the addresses.',
    },
    'bulletins.keys': {
      title: 'Keys that sign bulletins',
      text: 'Fingerprints (JWK thumbprints) of the keys whose bulletins are believed. To change keys, name the old and the new one for a while. A key that is taken out has nothing to say any more.',
    },
    'bulletins.graveKeys': {
      title: 'Keys that sign incidents',
      text: 'Fingerprints of the keys that may also declare an incident, in which Exchange is not touched and its credentials are not used, and release it. Keep them apart from the ordinary ones. None: nobody can.',
    },
    'bulletins.groups': {
      title: 'Groups of this computer',
      text: 'Names of the groups that this computer or its person belongs to. Bulletins can be meant for some groups only.',
    },
    'bulletins.pollSeconds': {
      title: 'How often bulletins are looked for',
      text: 'How often the addresses are asked for news, in seconds; each computer differs by up to a quarter. What has not changed is not transferred again.',
    },
    'maintenance.urgentMail': {
      title: 'Urgent mail during planned maintenance',
      text: 'Whether a person may send single messages through the emergency mailbox while planned maintenance holds the others.',
    },
    'reconcile.handoverWaitSeconds': {
      title: 'How long to wait for the handover',
      text: "How long to wait after Exchange's return for the gateway to hand over what it took in, before filing it ourselves, in seconds.",
    },
    'sending.undoSeconds': {
      title: 'For how long a message can be taken back',
      text: 'For how many seconds a message is held after Send, so that it can be taken back. 0: it leaves at once.',
    },
    'sending.sentCopyWaitSeconds': {
      title: 'How long to wait for the copy in Sent Items',
      text: 'How long to wait for the server to file a sent message in Sent Items by itself, before filing it ourselves, in seconds.',
    },
  },
};
