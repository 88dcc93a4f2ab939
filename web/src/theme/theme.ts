//! Mantine's theme: quiet neutrals, one deep-teal accent, and the four colours that mean something.
import { createTheme, type MantineColorsTuple, rem } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e9f6f5',
  '#d0eae8',
  '#a3d6d3',
  '#72c0bc',
  '#47aba7',
  '#2a9793',
  '#148480',
  '#0c6e6c',
  '#085957',
  '#044443',
]
const gray: MantineColorsTuple = [
  '#f7f9f9',
  '#f0f3f3',
  '#e5eaea',
  '#d6dddd',
  '#bcc6c7',
  '#8d999b',
  '#5a676a',
  '#434e51',
  '#2c3537',
  '#1a2123',
]
const dark: MantineColorsTuple = [
  '#e4e9ea',
  '#c0c8ca',
  '#9aa5a8',
  '#6f7b7e',
  '#3b4548',
  '#2d3639',
  '#222a2c',
  '#181e20',
  '#121718',
  '#0c1011',
]
const green: MantineColorsTuple = [
  '#e8f7ee',
  '#cfecda',
  '#a0d9b5',
  '#6cc48d',
  '#43b26d',
  '#2aa45a',
  '#1c8f4b',
  '#15753d',
  '#0f5c30',
  '#094424',
]
const blue: MantineColorsTuple = [
  '#eaf1fd',
  '#d2e0f8',
  '#a6c1f0',
  '#769fe8',
  '#4e83e0',
  '#3671d8',
  '#2a62c9',
  '#204fa8',
  '#183d85',
  '#102c63',
]
const yellow: MantineColorsTuple = [
  '#fdf4e2',
  '#fae6bd',
  '#f3cf84',
  '#ebb648',
  '#e0a021',
  '#c98a0c',
  '#a66f02',
  '#855800',
  '#664300',
  '#4a3000',
]
const red: MantineColorsTuple = [
  '#fdeeee',
  '#f9d7d7',
  '#f0adad',
  '#e68080',
  '#dc5858',
  '#d23f3f',
  '#c12f2f',
  '#a02424',
  '#7d1a1a',
  '#5c1111',
]

export const theme = createTheme({
  colors: { teal, gray, dark, green, blue, yellow, red },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 7 },
  black: '#1a2123',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: {
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    fontWeight: '600',
    sizes: {
      h1: { fontSize: rem(20), lineHeight: '28px' },
      h2: { fontSize: rem(16), lineHeight: '24px' },
      h3: { fontSize: rem(14), lineHeight: '20px' },
    },
  },
  fontSizes: { xs: rem(12), sm: rem(14), md: rem(14), lg: rem(16), xl: rem(20) },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: rem(4), sm: rem(8), md: rem(16), lg: rem(24), xl: rem(32) },
  radius: { xs: rem(4), sm: rem(6), md: rem(8), lg: rem(12), xl: rem(16) },
  defaultRadius: 'md',
  breakpoints: { xs: '30em', sm: '40em', md: '56em', lg: '68.75em', xl: '90em' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Badge: { defaultProps: { tt: 'none' } },
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 120 } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 120 } } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'lg',
        transitionProps: { duration: 150 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    // A dialog's head is no landmark of the page.
    ModalHeader: { defaultProps: { role: 'none' } },
  },
})
