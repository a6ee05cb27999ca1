import { addressOf, startLab } from './lab.ts';

/** `npm run lab`: the servers alone, for any mail client. Ends on Ctrl-C. */
const lab = await startLab({ employees: ['alice', 'bob'], seed: { messages: 240 } });
const lines = lab.employees.flatMap((employee) => {
  const { exchange, continuity } = lab.accountOf(employee);
  const { policyFile } = lab.policyFor(employee, { overrides: { 'keystore.allowUnprotected': true } });
  return [
    '',
    `${addressOf(employee)}  password ${lab.passwordOf(employee)}`,
    `  Exchange    imaps localhost:${exchange.imap.port}  (password or XOAUTH2)   submission localhost:${exchange.submission.port} STARTTLS, XOAUTH2`,
    `  continuity  imaps localhost:${continuity.imap.port}  (password)              submission localhost:${continuity.submission.port} STARTTLS, password`,
    `  the app     npm start -- --policy-file=${policyFile}`,
  ];
});
console.log(
  `Certificate authorities: ${lab.folder}/exchange-authority.pem, ${lab.folder}/continuity-authority.pem`,
);
console.log(`Gateway (MX): localhost:${lab.gateway.port}, no TLS`);
console.log(lines.join('\n'));
console.log('\nCtrl-C ends it.');
const end = () => void lab.stop().then(() => process.exit(0));
process.once('SIGINT', end);
process.once('SIGTERM', end);
