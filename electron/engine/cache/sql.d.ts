/** Migrations are imported as text, by the bundle and by the tests alike. */
declare module '*.sql' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: this is what the bundler's text loader makes of a file
  export default text;
}
