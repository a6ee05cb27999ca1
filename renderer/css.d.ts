/** Style sheets are imported for their effect; the bundler makes one of them. */
declare module '*.css';
