// The listeners of a connection on which thousands of requests may wait.

import type { Socket } from 'node:net'

type ListeningSocket = Socket & { readonly _events?: { close?: unknown } }

/**
 * A list that grows by one gets room for sixteen more, as long as the connection lives. One that knows more than its
 * listeners (newer releases of Node count there how often it is being emitted) cannot be replaced.
 */
export function trimListeners({ _events: lists }: ListeningSocket): void {
  const list = lists?.close
  if (lists === undefined || !Array.isArray(list)) return
  if (Object.getOwnPropertySymbols(list).length === 0) lists.close = list.slice()
}
