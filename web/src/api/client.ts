//! The one door to the server: adds the credential, reads problem details, says who is signed in.
import { ApiError, type Problem, Unreachable } from './errors'

const ROOT = '/api/v1'
const TAB_TOKEN = 'offhook.token'

export type Query = Record<string, string | number | boolean | null | undefined>

export interface RequestOptions {
  query?: Query
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

let csrf: string | undefined
let onSignedOut: (() => void) | undefined

/** The token of a log-in that belongs to this tab alone (the demo); a cookie serves otherwise. */
export function tabToken(): string | null {
  try {
    return sessionStorage.getItem(TAB_TOKEN)
  } catch {
    return null
  }
}

export function keepTabToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(TAB_TOKEN)
  else sessionStorage.setItem(TAB_TOKEN, token)
}

export function keepCsrf(value: string | null | undefined): void {
  csrf = value ?? undefined
}

/** Called once when the server no longer knows this session. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener
}

/** The server said that this session is over. */
export function signedOut(): void {
  onSignedOut?.()
}

export function apiUrl(path: string, query?: Query): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value))
  }
  const text = search.toString()
  return `${ROOT}${path}${text ? `?${text}` : ''}`
}

function credential(method: string): Record<string, string> {
  const token = tabToken()
  if (token) return { Authorization: `Bearer ${token}` }
  return csrf && method !== 'GET' ? { 'X-CSRF-Token': csrf } : {}
}

/** Sends one request and returns the raw answer; errors are thrown as `ApiError` or `Unreachable`. */
export async function send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    ...credential(method),
    ...options.headers,
  }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  let answer: Response
  try {
    answer = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Unreachable()
  }
  if (answer.ok) return answer
  const error = await readProblem(answer)
  if (error.status === 401 && path !== '/session' && path !== '/me') onSignedOut?.()
  throw error
}

async function request<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
  const answer = await send(method, path, options)
  if (answer.status === 204 || answer.headers.get('content-length') === '0') return undefined as T
  const text = await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

async function readProblem(answer: Response): Promise<ApiError> {
  let problem: Problem = {}
  try {
    problem = (await answer.json()) as Problem
  } catch {
    problem = {}
  }
  const after = Number(answer.headers.get('retry-after'))
  return new ApiError(
    answer.status,
    problem.code ?? `http_${answer.status}`,
    problem,
    Number.isFinite(after) && after > 0 ? after : undefined,
  )
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  post: <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
    request<T>('POST', path, { body: body ?? {}, headers }),
  put: <T>(path: string, body: unknown) => request<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', path, { body }),
  delete: <T>(path: string) => request<T>('DELETE', path),
}

/** A file behind the API as an address that `audio` and `a` can use; call `revoke` when done with it. */
export async function fileUrl(
  path: string,
  signal?: AbortSignal,
): Promise<{ url: string; revoke: () => void }> {
  if (!tabToken()) return { url: apiUrl(path), revoke: () => {} }
  const blob = await (await send('GET', path, { signal })).blob()
  const url = URL.createObjectURL(blob)
  return { url, revoke: () => URL.revokeObjectURL(url) }
}
