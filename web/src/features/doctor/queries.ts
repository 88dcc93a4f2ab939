//! What the doctor's page asks of the server.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getCall } from '@/api/calls'
import { api } from '@/api/client'
import { sentence } from '@/api/errors'
import { driftKey } from '@/features/carrier/queries'
import { usePhone } from '@/phone/PhoneProvider'
import { toast } from '@/ui/toast'
import type { Report, RoundTrip } from './shapes'

export const reportKey = ['doctor'] as const
const PULSE_MS = 1_500

export function useReport() {
  return useQuery({
    queryKey: reportKey,
    queryFn: ({ signal }) => api.get<Report>('/doctor', undefined, signal),
    refetchInterval: (query) => (query.state.data?.running ? PULSE_MS : false),
  })
}

export function useRun() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<Report>('/doctor/run'),
    onSuccess: (report) => cache.setQueryData(reportKey, report),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
}

/** Puts right what one check found, or all that can be. */
export function useCure() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (check: string | undefined) => api.post<Report>('/doctor/repair', check ? { check } : {}),
    onSuccess: (report, check) => {
      cache.setQueryData(reportKey, report)
      void cache.invalidateQueries({ queryKey: driftKey })
      const still = report.checks.find((each) => each.id === check && each.state === 'failed')
      if (still) toast(still.finding, { tone: 'bad' })
      else toast('Repaired', { tone: 'good' })
    },
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  })
}

export const roundTrip = () => api.post<RoundTrip>('/doctor/callback')

/** A real call from this browser to a phone at hand; the phone of this page joins it. */
export function useTestCall() {
  const phone = usePhone()
  return useMutation({
    mutationFn: async (to: string) => {
      if (!(await phone.microphoneReady()))
        throw new Error('The phone of this page is not ready; it says why.')
      const body = to.trim() ? { to: to.trim() } : {}
      const { call_id } = await api.post<{ call_id: string }>('/doctor/test-call', body)
      phone.begun(await getCall(call_id))
      return call_id
    },
  })
}
