//! The organization's settings as the API tells and takes them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/client'
import { ApiError } from '@/api/errors'
import type { components } from '@/api/generated'
import { sessionKey } from '@/api/session'
import { toast } from '@/ui/toast'
import { changed, isEmpty } from './changed'

export type OrganizationSettings = components['schemas']['OrganizationView']

const key = ['organization'] as const

export function useOrganization() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<OrganizationSettings>('/organization', undefined, signal),
  })
}

/** A part of the settings in a form: what was typed, what is wrong with it, and Save, which sends only what changed. */
export function useDraft(stored: OrganizationSettings) {
  const cache = useQueryClient()
  const [typed, setTyped] = useState<Partial<OrganizationSettings>>({})
  const draft = { ...stored, ...typed }
  const change = changed(stored, draft)
  const save = useMutation({
    mutationFn: () => api.patch<OrganizationSettings>('/organization', change),
    onSuccess: (saved) => {
      cache.setQueryData(key, saved)
      setTyped({})
      toast('Saved', { tone: 'good' })
      void cache.invalidateQueries({ queryKey: sessionKey })
    },
  })
  return {
    draft,
    set: (part: Partial<OrganizationSettings>) => setTyped((before) => ({ ...before, ...part })),
    dirty: !isEmpty(change),
    save,
    wrong: (field: keyof OrganizationSettings) =>
      save.error instanceof ApiError && save.error.field === field ? save.error.message : undefined,
  }
}
