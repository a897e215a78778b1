// What Fastify knows and does not tell: its own error handler, its own not-found handler, the handlers
// and hooks of a request's route. Read under Fastify's symbols, by their descriptions, which survive
// bundlers that rename functions. Law: where something is not found, everything counts as the
// application's own, so that nothing of it is ever skipped.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown

/** An error handler, whose prototype is the one that takes what it throws. */
interface ErrorHandlerEntry {
  readonly func?: ErrorHandler
}

/** What Fastify calls the context of a route; also that of requests that no route took. */
interface RouteContext {
  handler: Handler
  readonly errorHandler?: ErrorHandlerEntry
  readonly preParsing?: readonly unknown[] | null
  readonly preValidation?: readonly unknown[] | null
  readonly preHandler?: readonly unknown[] | null
}

/** Whether no error handler of anybody is set on an instance, or above it. */
export function hasDefaultErrorHandler(fastify: FastifyInstance): boolean {
  return isDefault(read<ErrorHandlerEntry>(fastify, 'fastify.errorHandler'))
}

/** The same for a request: its route was made before anything stood in for Fastify's own. */
export function meetsFastifysErrorHandler(request: FastifyRequest): boolean {
  const entry = contextOf(request)?.errorHandler
  return isDefault(entry) && !standIns.has(entry)
}

const standIns = new WeakSet<ErrorHandlerEntry>()

/**
 * Puts a handler in the place of Fastify's own on an instance and those below, where that is the one: at
 * the end of the chain, so that error handlers that are set later come first, and hand on to it.
 *
 * @param make - Gets Fastify's own, for errors that are not the stand-in's.
 */
export function standInForErrorHandler(
  fastify: FastifyInstance,
  make: (own: ErrorHandler) => ErrorHandler,
): void {
  const symbol = symbolOf(fastify, 'fastify.errorHandler')
  const own = read<ErrorHandlerEntry>(fastify, 'fastify.errorHandler')
  if (symbol === undefined || own?.func === undefined || !isDefault(own)) return
  // Fastify's route trees print its name.
  const func = Object.defineProperty(make(own.func), 'name', { value: own.func.name })
  // Fastify answers by itself what is sent on from an entry whose prototype has no handler.
  const entry = { ...own, func }
  standIns.add(entry)
  Reflect.set(fastify, symbol, entry)
}

function isDefault(entry: ErrorHandlerEntry | undefined): entry is ErrorHandlerEntry {
  return entry !== undefined && Object.getPrototypeOf(entry).func === undefined
}

/**
 * Takes back that `setErrorHandler` was called on an instance, so that the application may still call
 * it, without Fastify's warning FSTWRN004 or its refusal (`allowErrorHandlerOverride: false`).
 */
export function letErrorHandlerBeSet(fastify: FastifyInstance): void {
  const symbol = symbolOf(fastify, 'fastify.errorHandlerAlreadySet')
  if (symbol !== undefined) Reflect.set(fastify, symbol, false)
}

/** Handlers of requests that no route took which answer from the head: Fastify's own, and ours. */
const answeringFromHead = new WeakSet<Handler>()

/** Notes Fastify's own not-found handler, if the application has not set one for the whole server. */
export function noteNotFoundHandler(fastify: FastifyInstance): void {
  const context = ownNotFoundContext(fastify)
  if (context !== undefined) answeringFromHead.add(context.handler)
}

/**
 * Puts another handler in the place of Fastify's own, if the application has not set one; one that it
 * sets later takes this place.
 */
export function replaceNotFoundHandler(fastify: FastifyInstance, handler: Handler): void {
  const context = ownNotFoundContext(fastify)
  if (context === undefined) return
  answeringFromHead.add(handler)
  context.handler = handler
}

/**
 * The handler of a request that no route took, if nothing of the application's stands between the
 * `preParsing` hook that asks and that handler, and it does not look at content.
 */
export function notFoundHandlerFromHead(request: FastifyRequest): Handler | undefined {
  const context = contextOf(request)
  if (context === undefined || !answeringFromHead.has(context.handler)) return undefined
  const onlyOurs = context.preParsing?.length === 1
  const free = onlyOurs && context.preValidation === null && context.preHandler === null
  return free ? context.handler : undefined
}

/** Fastify was given no logger: what stands in for one has no levels, and does nothing. */
export function hasNoLogger({ log }: FastifyInstance): boolean {
  return Reflect.get(log, 'level') === undefined && /\{\s*\}$/.test(String(log.info))
}

/** Whether Fastify's `disableRequestLogging` holds for a request. */
export function isLoggingDisabled(request: FastifyRequest): boolean {
  const controller = read<{ isLogDisabled?: unknown }>(request.server, 'fastify.logController')
  if (typeof controller?.isLogDisabled === 'function') {
    return controller.isLogDisabled(request) === true
  }
  const { disableRequestLogging: disabled } = request.server.initialConfig
  return typeof disabled === 'function' ? disabled(request) : disabled === true
}

/**
 * Tells Fastify's own `clientError` listener from the application's. It is its option
 * `clientErrorHandler`, bound; that is Fastify's default if it says what only the default says.
 */
export function clientErrorListenerOf(
  fastify: FastifyInstance,
): (listener: { readonly name: string }) => boolean {
  const handler = read<OptionsOfFastify>(fastify, 'fastify.options')?.clientErrorHandler
  if (handler === undefined || !String(handler).includes(ONLY_IN_DEFAULT)) return () => false
  return (listener) =>
    listener.name === `bound ${handler.name}` && !Object.hasOwn(listener, 'prototype')
}

interface OptionsOfFastify {
  readonly clientErrorHandler?: { readonly name: string }
}

/** Of the body of its 431: text survives bundlers that rename functions. */
const ONLY_IN_DEFAULT = 'Exceeded maximum allowed HTTP header size'

function ownNotFoundContext(fastify: FastifyInstance): RouteContext | undefined {
  const root = rootOf(fastify)
  // Fastify sets this to false when the application gives a handler for the whole server.
  if (read(root, 'fastify.canSetNotFoundHandler') !== true) return undefined
  return read<RouteContext>(root, 'fastify.404ContextKey') ?? undefined
}

/** Instances of encapsulated plugins inherit from the one that registered them. */
function rootOf(fastify: FastifyInstance): object {
  let root: object = fastify
  for (let next: object | null = fastify; next !== null; next = Object.getPrototypeOf(next)) {
    if (ownSymbol(next, 'fastify.404') !== undefined) root = next
  }
  return root
}

function contextOf(request: FastifyRequest): RouteContext | undefined {
  return read<RouteContext>(request, 'fastify.context')
}

const symbols = new Map<string, symbol>()

/** A copy of Fastify has its own symbols; the one used last is most likely asked for again. */
function read<Value>(carrier: object, description: string): Value | undefined {
  const known = symbols.get(description)
  if (known !== undefined && known in carrier) return Reflect.get(carrier, known)
  const symbol = symbolOf(carrier, description)
  if (symbol === undefined) return undefined
  symbols.set(description, symbol)
  return Reflect.get(carrier, symbol)
}

function symbolOf(carrier: object, description: string): symbol | undefined {
  for (let at: object | null = carrier; at !== null; at = Object.getPrototypeOf(at)) {
    const symbol = ownSymbol(at, description)
    if (symbol !== undefined) return symbol
  }
  return undefined
}

function ownSymbol(carrier: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(carrier).find((each) => each.description === description)
}
