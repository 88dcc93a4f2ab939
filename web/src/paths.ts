//! Every address of the app, in one place.

const id = (value: string) => encodeURIComponent(value)

export const paths = {
  home: '/',
  login: '/login',
  setup: (link: string) => `/setup/${id(link)}`,
  calls: '/calls',
  voicemail: '/voicemail',
  contacts: '/contacts',
  team: '/team',
  queue: '/queue',
  numbers: '/numbers',
  getNumber: '/numbers/get',
  importNumbers: '/numbers/import',
  callerIds: '/numbers/caller-ids',
  users: '/users',
  settings: '/settings',
  carrier: '/settings/carrier',
  doctor: '/doctor',
  start: '/start',
} as const
