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
