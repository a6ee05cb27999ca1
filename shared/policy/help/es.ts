import type { Help } from './help.ts';

export const es: Help = {
  groups: {
    admin: 'Administración',
    accounts: 'Buzones',
    continuity: 'Buzón de emergencia',
    provisioning: 'Aprovisionamiento',
    keystore: 'Almacén de claves',
    network: 'Red',
    sync: 'Copia sin conexión',
    failover: 'Detección de una interrupción',
    bulletins: 'Avisos',
    maintenance: 'Mantenimiento planificado',
    reconcile: 'Después de una interrupción',
    sending: 'Envío',
  },
  settings: {
    'admin.contact': {
      title: 'A quién preguntar',
      text: 'Cómo contacta la persona con su administración: una dirección, un número o una página. Se muestra junto a los ajustes bloqueados.',
    },
    accounts: {
      title: 'Buzones de la persona',
      text: 'Los buzones de la persona, cada uno con sus dos proveedores.',
    },
    'continuity.provider': {
      title: 'Proveedor de los buzones de emergencia',
      text: 'Dónde canjea este equipo los códigos de registro: la dirección de la API del proveedor y las huellas (JWK thumbprints) de las claves que firman sus respuestas. Si se establece, ningún enlace lleva a otro proveedor.',
    },
    'continuity.domain': {
      title: 'Lo que el proveedor necesita de su dominio',
      text: 'Lo que la comprobación lee en el DNS y nunca escribe: «spf», el nombre del registro SPF del proveedor, que el de su dominio debe incluir; «dkimSelector», con el que el proveedor firma en nombre del dominio; «mx», los servidores del proveedor a los que va o puede dirigirse el correo. Lo que falta no se comprueba.',
    },
    'continuity.warm': {
      title: 'Siempre una sesión con el buzón de emergencia',
      text: 'Si cada equipo mantiene abierta una conexión con el buzón de emergencia mientras todo va bien, de modo que una interrupción empiece con el correo más reciente. Consulte a su proveedor: son tantas conexiones como equipos.',
    },
    'provisioning.file': {
      title: 'Archivo con los primeros secretos',
      text: 'Un archivo con los primeros secretos, que trae la gestión de dispositivos. Se lee una vez, se sella y luego se elimina.',
    },
    'provisioning.sealed': {
      title: 'Primeros secretos, cifrados para este equipo',
      text: 'El mismo contenido que el archivo con los primeros secretos, como JWE para la clave de device-key.json del perfil. Cualquiera puede leerlo; solo este equipo puede abrirlo. Cada valor se toma una vez.',
    },
    'keystore.allowUnprotected': {
      title: 'Iniciar sin almacén de claves',
      text: 'Solo Linux: iniciar aunque el escritorio no tenga almacén de claves, con lo que las claves quedan sin protección en el disco.',
    },
    'keystore.escrowKey': {
      title: 'Clave para los códigos de recuperación de TI',
      text: 'Una clave pública (JWK: RSA desde 2048 bits, o EC). Cada equipo crea un código de recuperación y lo cifra con esta clave, en recovery.jwe de su perfil. Quien tenga la clave privada puede abrir el correo de un equipo que ha perdido su almacén de claves.',
    },
    'keystore.keepUnreadableDays': {
      title: 'Días que se conserva el correo ilegible',
      text: 'Si una persona empieza de nuevo porque las claves no se pueden leer, la copia antigua se aparta, cifrada tal como está, durante estos días, por si vuelve el almacén de claves. 0 la elimina en el acto.',
    },
    'network.certificates': {
      title: 'Autoridades de certificación adicionales',
      text: 'Autoridades de certificación (PEM) en las que confiar además de las del sistema.',
    },
    'network.neutralHosts': {
      title: 'Hosts que indican si hay red',
      text: 'Hosts ajenos a ambos proveedores, como host:puerto. Si no se alcanza ninguno, este portátil no tiene red.',
    },
    'network.portalCheck': {
      title: 'Página que delata un portal cautivo',
      text: 'Una página en una dirección http cuyo texto se conoce. Quien responda en su lugar es un portal cautivo, como los de hoteles y trenes, y detrás de él no se deduce ninguna avería. Vacío: no se consulta.',
    },
    'network.portalCheckAnswer': {
      title: 'Lo que dice esa página',
      text: 'Un fragmento del texto de esa página.',
    },
    'network.proxyMode': {
      title: 'Proxy',
      text: 'Cómo se llega a los servidores: como diga el sistema; sin proxy; por el proxy indicado aquí; como diga un archivo PAC; o como encuentre WPAD.',
    },
    'network.proxyServer': {
      title: 'Servidor proxy',
      text: 'Para el modo «fixed»: host:puerto de un proxy HTTP, o https://host:puerto, o socks5://host:puerto. Debe dejar pasar los puertos 993 y 587. El usuario y la contraseña vienen en el archivo de aprovisionamiento.',
    },
    'network.proxyPac': {
      title: 'Dirección del archivo PAC',
      text: 'Para el modo «pac»: http, https o file. Se le pregunta por https://host:puerto de cada servidor de correo.',
    },
    'network.proxyBypass': {
      title: 'Sin pasar por el proxy',
      text: 'Para el modo «fixed»: hosts a los que se llega directamente, como los escribe Chromium, p. ej. *.corp.example, 10.0.0.0/8.',
    },
    'network.emergencyDirect': {
      title: 'Ruta de emergencia sin proxy',
      text: 'Cuando el propio proxy no responde, se llega directamente al proveedor de continuidad. A Exchange, nunca.',
    },
    'network.pins': {
      title: 'Claves del proveedor de continuidad',
      text: 'Resúmenes SHA-256 en base64 de las claves públicas (SPKI) que pueden tener los servidores del proveedor de continuidad. Indique también la clave siguiente. Ninguno: cualquier certificado de una autoridad de confianza para el nombre correcto.',
    },
    'sync.windowDays': {
      title: 'Días de correo que se copian',
      text: 'Cuántos días de correo contiene la copia sin conexión.',
    },
    'sync.maximumWindowDays': {
      title: 'Máximo de días que una persona puede elegir',
      text: 'Cuántos días de correo puede elegir una persona como máximo para la copia sin conexión.',
    },
    'sync.leftOutFolders': {
      title: 'Carpetas que no se copian',
      text: 'Carpetas de Exchange que no entran en la copia, por su nombre completo, con todo lo que contienen.',
    },
    'sync.largestAttachmentMegabytes': {
      title: 'Mayor adjunto que se copia',
      text: 'Los adjuntos de hasta tantos megabytes están en la copia sin conexión; de los mayores solo el nombre y el tamaño, hasta que la persona los pide.',
    },
    'sync.diskMegabytes': {
      title: 'Espacio en disco para la copia sin conexión',
      text: 'Cuántos megabytes puede ocupar, aproximadamente, la copia sin conexión. Cerca de ese límite se quitan primero los adjuntos más antiguos que Exchange aún tiene, nunca los de conversaciones fijadas. 0: tanto como haga falta.',
    },
    'sync.lookThroughSeconds': {
      title: 'Con qué frecuencia se revisan carpetas enteras',
      text: 'Con qué frecuencia se compara cada mensaje de cada carpeta con la copia, en segundos; los más recientes se comparan mucho más a menudo.',
    },
    'sync.pollSeconds': {
      title: 'Con qué frecuencia se pregunta por correo nuevo',
      text: 'Con qué frecuencia se pregunta por correo nuevo cuando el servidor no avisa, en segundos.',
    },
    'failover.probeSeconds': {
      title: 'Con qué frecuencia se comprueba Exchange',
      text: 'Con qué frecuencia se pide a Exchange una señal de vida, en segundos.',
    },
    'failover.deadlineSeconds': {
      title: 'Cuánto puede tardar una señal de vida',
      text: 'Cuánto puede tardar una señal de vida antes de sospechar de Exchange, y una conexión nueva antes de confirmarlo, en segundos.',
    },
    'failover.idleProbeSeconds': {
      title: 'Con qué frecuencia se comprueba Exchange cuando no hay nadie',
      text: 'Con qué frecuencia se pide a Exchange una señal de vida mientras nadie usa el equipo, en segundos; con batería, la mitad de veces.',
    },
    'failover.signInMinutes': {
      title: 'Cuánto puede faltar el inicio de sesión',
      text: 'Si el proveedor de identidad no responde y nadie puede iniciar sesión en Exchange: a los cuántos minutos toma el relevo el buzón de emergencia. 0: nunca.',
    },
    'failover.healthPages': {
      title: 'Páginas de estado de Exchange',
      text: 'Páginas de un Exchange propio que responden 200 mientras está bien, por ejemplo https://mail.example.com/owa/healthcheck.htm. Solo se consultan cuando se rechaza una conexión, y distinguen un servicio que se reinicia de un servidor que ha desaparecido.',
    },
    'failover.holdDownSeconds': {
      title: 'Cuánto tiempo debe responder bien Exchange',
      text: 'Cuánto tiempo debe responder Exchange sin fallos antes de volver a ser la ruta, en segundos.',
    },
    'failover.spreadSeconds': {
      title: 'En cuánto tiempo se mudan todos',
      text: 'Cuando una interrupción empieza o termina, cada equipo llega al otro servidor en un momento propio dentro de este tiempo, en segundos, para que ningún servidor los reciba a todos a la vez. Lo que una persona envía no espera. A partir de 90 no se supera el 2 % de los equipos en un segundo.',
    },
    'failover.personMayChoose': {
      title: 'Si una persona puede elegir la ruta',
      text: 'Si una persona puede trabajar por el buzón de emergencia o por Exchange según su propia elección, vea Relevo lo que vea de Exchange. Un aviso tiene prioridad y la termina.',
    },
    'failover.choiceHours': {
      title: 'Cuánto tiempo vale esa elección',
      text: 'Pasadas tantas horas, Relevo vuelve a decidir por sí mismo.',
    },
    'bulletins.urls': {
      title: 'Dónde se publican los avisos',
      text: 'Direcciones HTTPS en las que la empresa declara interrupciones, mantenimientos, simulacros e incidentes mediante avisos firmados. Se consultan todas. Elija lugares que no dependan de Exchange ni de su inicio de sesión.',
    },
    'bulletins.file': {
      title: 'Archivo con avisos',
      text: 'Un archivo de este equipo con avisos firmados, uno por línea, tal como lo trae la gestión de dispositivos. Se consulta con la misma frecuencia que las direcciones.',
    },
    'bulletins.keys': {
      title: 'Claves que firman avisos',
      text: 'Huellas (JWK thumbprints) de las claves a cuyos avisos se da crédito. Para cambiar de clave, indique durante un tiempo la antigua y la nueva. Una clave retirada deja de contar.',
    },
    'bulletins.graveKeys': {
      title: 'Claves que firman incidentes',
      text: 'Huellas de las claves que también pueden declarar y levantar un incidente, en el que no se toca Exchange ni se usan sus credenciales. Guárdelas aparte de las ordinarias. Ninguna: nadie puede.',
    },
    'bulletins.groups': {
      title: 'Grupos de este equipo',
      text: 'Nombres de los grupos a los que pertenece este equipo o su usuario. Los avisos pueden dirigirse solo a algunos grupos.',
    },
    'bulletins.pollSeconds': {
      title: 'Con qué frecuencia se buscan avisos',
      text: 'Con qué frecuencia se pregunta a las direcciones si hay novedades, en segundos; cada equipo varía hasta en una cuarta parte. Lo que no ha cambiado no se vuelve a transferir.',
    },
    'maintenance.urgentMail': {
      title: 'Correo urgente durante el mantenimiento planificado',
      text: 'Si una persona puede enviar mensajes sueltos por el buzón de emergencia mientras un mantenimiento planificado retiene los demás.',
    },
    'reconcile.handoverWaitSeconds': {
      title: 'Cuánto se espera la entrega',
      text: 'Cuánto se espera, tras el regreso de Exchange, a que la pasarela entregue lo que recibió, antes de archivarlo la propia aplicación, en segundos.',
    },
    'sending.undoSeconds': {
      title: 'Durante cuánto tiempo se puede recuperar un mensaje',
      text: 'Cuántos segundos se retiene un mensaje después de pulsar Enviar, para poder recuperarlo. 0: sale enseguida.',
    },
    'sending.sentCopyWaitSeconds': {
      title: 'Cuánto se espera la copia en Elementos enviados',
      text: 'Cuánto se espera a que el servidor archive por sí mismo un mensaje enviado en Elementos enviados, antes de hacerlo la aplicación, en segundos.',
    },
  },
};
