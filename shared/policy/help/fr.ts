import type { Help } from './help.ts';

export const fr: Help = {
  groups: {
    admin: 'Administration',
    accounts: 'Boîtes aux lettres',
    continuity: 'Boîte de secours',
    provisioning: 'Approvisionnement',
    keystore: 'Magasin de clés',
    network: 'Réseau',
    sync: 'Copie hors connexion',
    failover: 'Détection d’une panne',
    bulletins: 'Avis',
    maintenance: 'Maintenance planifiée',
    reconcile: 'Après une panne',
    sending: 'Envoi',
  },
  settings: {
    'admin.contact': {
      title: 'À qui s’adresser',
      text: 'Comment la personne joint son administrateur : une adresse, un numéro ou une page. Affiché à côté des réglages verrouillés.',
    },
    accounts: {
      title: 'Boîtes aux lettres de la personne',
      text: 'Les boîtes aux lettres de la personne, chacune avec ses deux fournisseurs.',
    },
    'continuity.provider': {
      title: 'Fournisseur des boîtes de secours',
      text: 'Où cet ordinateur échange les codes d’inscription : l’adresse de l’API du fournisseur et les empreintes (JWK thumbprints) des clés qui signent ses réponses. Si ce réglage est défini, aucun lien ne mène à un autre fournisseur.',
    },
    'continuity.domain': {
      title: 'Ce dont le fournisseur a besoin pour votre domaine',
      text: 'Ce que la vérification lit dans le DNS, sans jamais l’écrire : « spf », le nom de l’enregistrement SPF du fournisseur, que celui de votre domaine doit inclure ; « dkimSelector », sous lequel le fournisseur signe pour le domaine ; « mx », les serveurs du fournisseur vers lesquels le courrier va ou peut être dirigé. Ce qui manque n’est pas vérifié.',
    },
    'continuity.warm': {
      title: 'Toujours une session avec la boîte de secours',
      text: 'Si chaque ordinateur garde une connexion authentifiée avec la boîte de secours tant que tout va bien, afin qu’une panne commence avec le courrier le plus récent. Demandez à votre fournisseur : cela fait autant de connexions que d’ordinateurs.',
    },
    'provisioning.file': {
      title: 'Fichier des premiers secrets',
      text: 'Un fichier contenant les premiers secrets, apporté par la gestion des appareils. Il est lu une fois, scellé, puis supprimé.',
    },
    'provisioning.sealed': {
      title: 'Premiers secrets, chiffrés pour cet ordinateur',
      text: 'Le même contenu que le fichier des premiers secrets, sous forme de JWE pour la clé de device-key.json du profil. Tout le monde peut le lire ; seul cet ordinateur peut l’ouvrir. Chaque valeur est prise une fois.',
    },
    'keystore.allowUnprotected': {
      title: 'Démarrer sans magasin de clés',
      text: 'Linux seulement : démarrer même si le bureau n’a pas de magasin de clés, ce qui laisse les clés sans protection sur le disque.',
    },
    'keystore.escrowKey': {
      title: 'Clé pour les codes de récupération du service informatique',
      text: 'Une clé publique (JWK : RSA à partir de 2048 bits, ou EC). Chaque ordinateur crée un code de récupération et le chiffre pour cette clé, dans recovery.jwe de son profil. Quiconque a la clé privée peut ouvrir le courrier d’un ordinateur qui a perdu son magasin de clés.',
    },
    'keystore.keepUnreadableDays': {
      title: 'Jours de conservation du courrier illisible',
      text: 'Quand une personne repart de zéro parce que les clés sont illisibles, l’ancienne copie est mise de côté, chiffrée telle quelle, pendant ce nombre de jours, au cas où le magasin de clés reviendrait. 0 la supprime aussitôt.',
    },
    'network.certificates': {
      title: 'Autorités de certification supplémentaires',
      text: 'Autorités de certification (PEM) auxquelles se fier en plus de celles du système.',
    },
    'network.neutralHosts': {
      title: 'Hôtes qui indiquent s’il y a un réseau',
      text: 'Hôtes étrangers aux deux fournisseurs, sous la forme hôte:port. Si aucun n’est joignable, cet ordinateur n’a pas de réseau.',
    },
    'network.portalCheck': {
      title: 'Page qui révèle un portail captif',
      text: 'Une page à une adresse http dont le texte est connu. Qui répond à sa place est un portail captif, comme dans les hôtels et les trains ; derrière lui, on ne conclut à aucune panne. Vide : elle n’est pas consultée.',
    },
    'network.portalCheckAnswer': {
      title: 'Ce que dit cette page',
      text: 'Un extrait du texte de cette page.',
    },
    'network.proxyMode': {
      title: 'Proxy',
      text: 'Comment les serveurs sont atteints : comme le dit le système ; sans proxy ; par le proxy indiqué ici ; comme le dit un fichier PAC ; ou comme WPAD le trouve.',
    },
    'network.proxyServer': {
      title: 'Serveur proxy',
      text: 'Pour le mode « fixed » : hôte:port d’un proxy HTTP, ou https://hôte:port, ou socks5://hôte:port. Il doit laisser passer les ports 993 et 587. L’utilisateur et le mot de passe sont apportés par le fichier de provisionnement.',
    },
    'network.proxyPac': {
      title: 'Adresse du fichier PAC',
      text: 'Pour le mode « pac » : http, https ou file. On l’interroge pour https://hôte:port de chaque serveur de messagerie.',
    },
    'network.proxyBypass': {
      title: 'Atteints sans le proxy',
      text: 'Pour le mode « fixed » : hôtes atteints directement, comme Chromium les écrit, p. ex. *.corp.example, 10.0.0.0/8.',
    },
    'network.emergencyDirect': {
      title: 'Voie de secours sans proxy',
      text: 'Quand le proxy lui-même ne répond pas, le fournisseur de continuité est atteint directement. Exchange ne l’est jamais.',
    },
    'network.pins': {
      title: 'Clés du fournisseur de continuité',
      text: 'Empreintes SHA-256 en base64 des clés publiques (SPKI) que peuvent avoir les serveurs du fournisseur de continuité. Indiquez aussi la clé suivante. Aucune : tout certificat d’une autorité de confiance pour le bon nom.',
    },
    'sync.windowDays': {
      title: 'Jours de courrier à copier',
      text: 'Combien de jours de courrier la copie hors connexion contient.',
    },
    'sync.maximumWindowDays': {
      title: 'Nombre maximal de jours au choix d’une personne',
      text: 'Combien de jours de courrier une personne peut choisir au plus pour la copie hors connexion.',
    },
    'sync.leftOutFolders': {
      title: 'Dossiers qui ne sont pas copiés',
      text: 'Dossiers Exchange laissés hors de la copie, par leur nom complet, avec tout ce qu’ils contiennent.',
    },
    'sync.largestAttachmentMegabytes': {
      title: 'Plus grande pièce jointe copiée',
      text: 'Les pièces jointes jusqu’à ce nombre de mégaoctets sont dans la copie hors ligne ; des plus grandes, seulement le nom et la taille, jusqu’à ce que la personne les demande.',
    },
    'sync.diskMegabytes': {
      title: 'Espace disque de la copie hors ligne',
      text: 'Nombre approximatif de mégaoctets que la copie hors ligne peut occuper. Près de cette limite, les plus anciennes pièces jointes qu’Exchange possède encore partent d’abord, jamais celles des conversations épinglées. 0 : autant qu’il faut.',
    },
    'sync.lookThroughSeconds': {
      title: 'Fréquence de la vérification des dossiers entiers',
      text: 'À quelle fréquence chaque message de chaque dossier est comparé à la copie, en secondes ; les plus récents le sont bien plus souvent.',
    },
    'sync.pollSeconds': {
      title: 'Fréquence de la relève du courrier',
      text: 'À quelle fréquence demander le nouveau courrier lorsque le serveur ne le signale pas, en secondes.',
    },
    'failover.probeSeconds': {
      title: 'Fréquence des sondes vers Exchange',
      text: 'À quelle fréquence un signe de vie est demandé à Exchange, en secondes.',
    },
    'failover.deadlineSeconds': {
      title: 'Délai accordé à un signe de vie',
      text: 'Combien de temps un signe de vie peut prendre avant qu’Exchange soit suspecté, et une nouvelle connexion avant que ce soit confirmé, en secondes.',
    },
    'failover.idleProbeSeconds': {
      title: 'À quelle fréquence sonder Exchange quand personne n’est là',
      text: 'À quelle fréquence demander un signe de vie à Exchange pendant que personne n’utilise l’ordinateur, en secondes ; sur batterie, deux fois moins souvent.',
    },
    'failover.signInMinutes': {
      title: 'Combien de temps la connexion peut manquer',
      text: 'Quand le fournisseur d’identité ne répond pas et que personne ne peut se connecter à Exchange : après combien de minutes la messagerie de secours prend le relais. 0 : jamais.',
    },
    'failover.healthPages': {
      title: 'Pages d’état d’Exchange',
      text: 'Pages d’un Exchange interne qui répondent 200 tant qu’il va bien, par exemple https://mail.example.com/owa/healthcheck.htm. Elles ne sont consultées que lorsqu’une connexion est refusée, et distinguent un service qui redémarre d’un serveur disparu.',
    },
    'failover.holdDownSeconds': {
      title: 'Durée pendant laquelle Exchange doit bien répondre',
      text: 'Combien de temps Exchange doit répondre sans faute avant de redevenir la route, en secondes.',
    },
    'failover.spreadSeconds': {
      title: 'Sur quelle durée tous se déplacent',
      text: 'Quand une panne commence ou se termine, chaque ordinateur rejoint l’autre serveur à un moment qui lui est propre dans ce délai, en secondes, pour qu’aucun serveur ne les reçoive tous à la fois. Ce qu’une personne envoie n’attend pas. À partir de 90, on ne dépasse pas 2 % des ordinateurs en une seconde.',
    },
    'failover.personMayChoose': {
      title: 'Si une personne peut choisir la route',
      text: 'Si une personne peut travailler par la boîte de secours ou par Exchange selon son propre choix, quoi que Relevo constate d’Exchange. Un avis l’emporte et y met fin.',
    },
    'failover.choiceHours': {
      title: 'Combien de temps ce choix vaut',
      text: 'Après ce nombre d’heures, Relevo décide de nouveau seul.',
    },
    'bulletins.urls': {
      title: 'Où les avis sont publiés',
      text: 'Adresses HTTPS auxquelles l’entreprise déclare pannes, maintenances, exercices et incidents par des avis signés. Toutes sont interrogées. Choisissez des lieux qui ne dépendent ni d’Exchange ni de sa connexion.',
    },
    'bulletins.file': {
      title: 'Fichier d’avis',
      text: 'Un fichier de cet ordinateur avec des avis signés, un par ligne, tel que la gestion des appareils l’apporte. Consulté aussi souvent que les adresses.',
    },
    'bulletins.keys': {
      title: 'Clés qui signent les avis',
      text: 'Empreintes (JWK thumbprints) des clés dont les avis sont crus. Pour changer de clé, indiquez quelque temps l’ancienne et la nouvelle. Une clé retirée n’a plus rien à dire.',
    },
    'bulletins.graveKeys': {
      title: 'Clés qui signent les incidents',
      text: 'Empreintes des clés qui peuvent aussi déclarer et lever un incident, pendant lequel Exchange n’est pas touché et ses identifiants ne servent pas. Conservez-les à part des clés ordinaires. Aucune : personne ne le peut.',
    },
    'bulletins.groups': {
      title: 'Groupes de cet ordinateur',
      text: 'Noms des groupes auxquels appartient cet ordinateur ou son utilisateur. Des avis peuvent ne concerner que certains groupes.',
    },
    'bulletins.pollSeconds': {
      title: 'Fréquence de recherche des avis',
      text: 'À quelle fréquence les adresses sont interrogées, en secondes ; chaque ordinateur s’en écarte d’un quart au plus. Ce qui n’a pas changé n’est pas transféré de nouveau.',
    },
    'maintenance.urgentMail': {
      title: 'Courrier urgent pendant une maintenance planifiée',
      text: 'Si une personne peut envoyer certains messages par la boîte de secours pendant qu’une maintenance planifiée retient les autres.',
    },
    'reconcile.handoverWaitSeconds': {
      title: 'Délai d’attente de la remise',
      text: 'Combien de temps attendre, après le retour d’Exchange, que la passerelle remette ce qu’elle a reçu, avant que l’application le classe elle-même, en secondes.',
    },
    'sending.undoSeconds': {
      title: 'Pendant combien de temps un message peut être repris',
      text: 'Pendant combien de secondes un message est retenu après l’envoi, pour pouvoir être repris. 0 : il part aussitôt.',
    },
    'sending.sentCopyWaitSeconds': {
      title: 'Délai d’attente de la copie dans Éléments envoyés',
      text: 'Combien de temps attendre que le serveur classe lui-même un message envoyé dans Éléments envoyés, avant que l’application le fasse, en secondes.',
    },
  },
};
