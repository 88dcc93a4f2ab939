//! Every address of the app, in one place.

const id = (value: string) => encodeURIComponent(value)

export const paths = {
  home: '/',
  login: '/login',
  setup: (link: string) => `/setup/${id(link)}`,
  calls: '/calls',
} as const
