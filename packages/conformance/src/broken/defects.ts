// Everything the model server can be made to do wrong. Each switch is one mistake that a server in
// the world makes or has made; with none of them the model passes every case.

export interface Defects {
  // Recognition
  readonly match:
    | 'grammar'
    | 'loose'
    | 'word'
    | 'exact'
    | 'case-sensitive'
    | 'never'
    | 'always'
    | 'ignore-lists'
  readonly emptyIsUnmet: boolean
  readonly unknown: 'refuse' | 'ignore' | 'hang'
  readonly otherFields: 'ignore' | 'read-as-expect' | 'shy'
  readonly trailerAsks: boolean
  // The 100
  readonly interim:
    | 'on-read'
    | 'eager'
    | 'double'
    | 'again'
    | 'with-fields'
    | 'with-length'
    | 'slow'
    | 'after-content'
    | 'after-final'
    | 'overtakes'
  readonly interimTo10: boolean
  readonly interimWithoutContent: boolean
  readonly interimInHead: boolean
  readonly omitsWhenThere: boolean
  readonly oncePerConnection: boolean
  // Content
  readonly losesFirstSegment: boolean
  readonly losesLastByte: boolean
  readonly shortIsWhole: boolean
  readonly badChunkEnds: boolean
  readonly noTrailers: boolean
  readonly noExtensions: boolean
  readonly stopsAtCrlf: boolean
  readonly secondUploadLost: boolean
  // Refusals
  readonly waitsForContent: 'never' | 'always' | 'without-expect'
  readonly allAre417: boolean
  readonly noCompanions: boolean
  readonly noDate: boolean
  readonly echo: boolean
  readonly stack: boolean
  readonly noStore: boolean
  readonly noType: boolean
  readonly limitOffByOne: boolean
  readonly limitUncounted: boolean
  readonly acceptsRefused: boolean
  // The connection
  readonly afterRefusal:
    | 'linger'
    | 'keep-undrained'
    | 'drain-all'
    | 'serve-on'
    | 'reset'
    | 'stay-open'
    | 'silent-close'
  readonly afterAnswer: 'keep' | 'close' | 'silent-close' | 'stay-open-on-close'
  readonly keeps10: boolean
  readonly extraResponse: boolean
  readonly unframed: boolean
  readonly headWithContent: boolean
  readonly oneAtATime: boolean
  readonly diesOnReset: boolean
  // Input
  readonly lenient: 'no' | 'framing' | 'names' | 'host' | 'bytes'
  readonly foldIgnored: boolean
  readonly hangsOnLong: boolean
  readonly emptyLineIsFault: boolean
  readonly methods: 'any' | 'hang-on-unknown' | 'hang-on-content'
  readonly upgrade: 'after-continue' | 'at-once' | 'hang'
}

export const NONE: Defects = {
  match: 'grammar',
  emptyIsUnmet: false,
  unknown: 'refuse',
  otherFields: 'ignore',
  trailerAsks: false,
  interim: 'on-read',
  interimTo10: false,
  interimWithoutContent: false,
  interimInHead: false,
  omitsWhenThere: true,
  oncePerConnection: false,
  losesFirstSegment: false,
  losesLastByte: false,
  shortIsWhole: false,
  badChunkEnds: false,
  noTrailers: false,
  noExtensions: false,
  stopsAtCrlf: false,
  secondUploadLost: false,
  waitsForContent: 'never',
  allAre417: false,
  noCompanions: false,
  noDate: false,
  echo: false,
  stack: false,
  noStore: true,
  noType: false,
  limitOffByOne: false,
  limitUncounted: false,
  acceptsRefused: false,
  afterRefusal: 'linger',
  afterAnswer: 'keep',
  keeps10: false,
  extraResponse: false,
  unframed: false,
  headWithContent: false,
  oneAtATime: false,
  diesOnReset: false,
  lenient: 'no',
  foldIgnored: false,
  hangsOnLong: false,
  emptyLineIsFault: false,
  methods: 'any',
  upgrade: 'after-continue',
}
