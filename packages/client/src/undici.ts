// undici is an optional peer. Where it is not installed, its types are unknown (`any` to a compiler),
// and the declarations of this package still compile.

// The directive has to be a JSDoc comment: only those are carried over into declarations.
// biome-ignore lint/suspicious/noTsIgnore: there is an error only where undici is not installed.
/** @ts-ignore */
export type { Agent, buildConnector } from 'undici'
