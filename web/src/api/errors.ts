//! What can go wrong between the app and the server, in words for the person in front of it.

/** The body of an RFC 9457 answer, as far as the app reads it. */
export interface Problem {
  title?: string
  status?: number
  code?: string
  detail?: string
  field?: string
  /** What was tried before the answer was no. */
  verdict?: unknown
  /** Who took the call that somebody else wanted. */
  by?: { id?: string; name?: string } | string
}

/** The server answered, and the answer was no. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: Problem,
    readonly retryAfter?: number,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`)
    this.name = 'ApiError'
  }

  get field(): string | undefined {
    return this.problem.field
  }

  /** The name of the person who was faster, where the server says so. */
  get by(): string | undefined {
    const by = this.problem.by
    return typeof by === 'string' ? by : by?.name
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  constructor() {
    super('The server cannot be reached. Nothing was lost; this page tries again by itself.')
    this.name = 'Unreachable'
  }
}

/** One sentence for any error, never a stack. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.status === 403) return error.problem.detail ?? 'Your role does not allow this.'
    if (error.status === 429) {
      const wait = error.retryAfter ? ` Try again in ${error.retryAfter} s.` : ' Try again in a moment.'
      return (error.problem.detail ?? 'Too many attempts.') + (error.problem.detail ? '' : wait)
    }
    if (error.status >= 500)
      return error.problem.detail ?? 'The server had a problem. Nothing was changed; try again.'
    return error.message
  }
  if (error instanceof Unreachable) return error.message
  if (error instanceof Error && error.message) return error.message
  return 'Something went wrong. Try again.'
}

export function isCode(error: unknown, code: string): error is ApiError {
  return error instanceof ApiError && error.code === code
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}
