// Runs before the first paint, so that a page opened in the dark never flashes white. A file of its own: the page allows no inline script.
;(() => {
  let choice = 'auto'
  try {
    choice = localStorage.getItem('offhook.theme') || 'auto'
  } catch {
    // Storage may be blocked: the system's choice then decides.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
