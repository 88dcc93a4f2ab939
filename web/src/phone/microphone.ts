//! The microphone's permission: asked for by a click that needs it, never by opening the page.
import { problemOfMicrophone } from './problems'
import type { ProblemCode } from './state'

export type Permission = 'granted' | 'prompt' | 'denied'

let heard = false

export async function microphonePermission(): Promise<Permission> {
  if (heard) return 'granted'
  try {
    const status = await navigator.permissions.query({ name: 'microphone' as PermissionName })
    return status.state
  } catch {
    return 'prompt'
  }
}

/** Tells the permission now and whenever the person changes it in the browser. */
export function watchMicrophone(report: (permission: Permission) => void): () => void {
  let status: PermissionStatus | undefined
  let over = false
  const tell = () => {
    if (status?.state !== 'granted') heard = false
    if (status && !over) report(status.state)
  }
  navigator.permissions
    ?.query({ name: 'microphone' as PermissionName })
    .then((found) => {
      status = found
      status.addEventListener('change', tell)
      tell()
    })
    .catch(() => {
      // Some browsers do not tell; they ask when the microphone is first used.
    })
  return () => {
    over = true
    status?.removeEventListener('change', tell)
  }
}

/** Asks for the microphone unless it was granted already, and gives it back at once; the problem when it stays closed. */
export async function askForMicrophone(): Promise<ProblemCode | null> {
  if (!window.isSecureContext || !navigator.mediaDevices) return 'insecure'
  if ((await microphonePermission()) === 'granted') return null
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    for (const track of stream.getTracks()) track.stop()
    heard = true
    return null
  } catch (error) {
    heard = false
    return problemOfMicrophone(error)
  }
}
