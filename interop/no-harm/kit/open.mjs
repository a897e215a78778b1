// Faults that the runs find today and that nobody has mended yet, each with the input in corpus/open
// that shows it. A run tells them apart from new ones and does not fail because of them. Who mends one
// strikes it off here and moves its input to corpus/; the aim is an empty list.

/** { input, proofs, kinds: expressions for what the runs call it, what } */
export const OPEN = []

export const openFault = (proof, name) =>
  OPEN.find(({ proofs, kinds }) => proofs.includes(proof) && kinds.some((kind) => kind.test(name)))
