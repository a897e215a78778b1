// Faults that the runs find today and that nobody has mended yet, each with the input in corpus/open
// that shows it. A run tells them apart from new ones and does not fail because of them. Who mends one
// strikes it off here and moves its input to corpus/; the aim is an empty list.

/** `kinds`: what the runs call it. */
export const OPEN = [
  {
    input: 'client-leaves-a-reader.json',
    proofs: ['mutation', 'differential'],
    kinds: [/^descriptors come back/, /^descriptor: returns → leaks/, /^time:/],
    what: 'A client that leaves in the middle of content that is read behind an early answer: its end is not heard, and the connection stays.',
  },
]

export const openFault = (proof, name) =>
  OPEN.find(({ proofs, kinds }) => proofs.includes(proof) && kinds.some((kind) => kind.test(name)))
