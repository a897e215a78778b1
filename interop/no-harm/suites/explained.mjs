// Tests of others that pass without the library and fail with it, and are meant to: each with why. What
// stands here and fails no more is told, so that the list stays short.

/** { suite, modes, test: beginning of its name, why, stands } */
export const EXPLAINED = []
