// What a function of the application gives for later. Law: whatever `await` would wait for is waited for, also
// what is no `Promise` (query builders begin when `then` is called) and what can be called itself.

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    'then' in value &&
    typeof value.then === 'function'
  )
}
