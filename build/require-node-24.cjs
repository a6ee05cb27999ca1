// Plain JavaScript, because an older Node cannot even read the scripts that need Node 24.
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(
    `Relevo needs Node 24; this is ${process.versions.node}. On Linux "npm ci" brings it; elsewhere install it.`,
  );
  process.exit(1);
}
