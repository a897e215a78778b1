// Faults that the runs find today and that nobody has mended yet, each with the input in corpus/open
// that shows it. A run tells them apart from new ones and does not fail because of them. Who mends one
// strikes it off here and moves its input to corpus/; the aim is an empty list.

/** `kinds`: what the runs call it. */
export const OPEN = [
  {
    input: 'queued-continue.json',
    proofs: ['mutation', 'differential'],
    kinds: [/^only responses on the wire/, /^garbage: none → some/],
    what: 'A 100 that is owed while an answer waits for its turn lands in the content of that answer.',
  },
  {
    input: 'descriptor-behind-a-stream.json',
    proofs: ['mutation', 'differential'],
    kinds: [/^descriptors come back/, /^descriptor: returns → leaks/],
    what: 'Behind an answer that stays open the end of the connection is not heard once bytes stand behind the content.',
  },
  {
    input: 'context-of-another.json',
    proofs: ['differential'],
    kinds: [/^context:/, /^log:/],
    what: 'A request that was held is dispatched in the context of the one before.',
  },
  {
    input: 'client-leaves-a-reader.json',
    proofs: ['mutation', 'differential'],
    kinds: [/^descriptors come back/, /^descriptor: returns → leaks/, /^time:/],
    what: 'A client that leaves in the middle of content that is read behind an early answer: its end is not heard, and the connection stays.',
  },
  {
    input: 'answer-lost-to-bytes-behind.json',
    proofs: ['differential'],
    kinds: [/^status: \d+ → (none|400)/],
    what: 'Bytes that are no content of the next request take the answer of the one before.',
  },
  {
    input: 'no-end-of-a-request.json',
    proofs: ['differential'],
    kinds: [/^events: E Q → $/],
    what: 'A request whose content came and that nobody read does not end when its connection closes.',
  },
]

export const openFault = (proof, name) =>
  OPEN.find(({ proofs, kinds }) => proofs.includes(proof) && kinds.some((kind) => kind.test(name)))
