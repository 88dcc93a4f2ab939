// Percentiles, and rows of figures as a table that is also Markdown.

/** The value below which the share lies (nearest rank). */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

/** A row from many measurements: the 95th percentile is held against the budget. */
export function spread(figure, unit, values, more = {}) {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)]
  return { figure: `${figure}, n = ${values.length}`, unit, p50, p95, held: p95, ...more }
}

/** A peer from many measurements. */
export function peer(name, values) {
  return { name, p50: percentile(values, 0.5), p95: percentile(values, 0.95) }
}

const number = (value) => (value === undefined ? '' : value >= 100 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1))

/** How many times the peer's figure is ours. */
function ratio(row) {
  if (!row.peer) return ''
  const times = [row.peer.p50 / row.p50, row.peer.p95 / row.p95]
  return times[0] === times[1] ? `${number(times[0])} ×` : `${number(times[0])} × / ${number(times[1])} ×`
}

const pair = (of, unit) => {
  const one = number(of.p50)
  return `${of.p95 === of.p50 ? one : `${one} / ${number(of.p95)}`} ${unit}`
}

/** Prints the rows; a figure over its budget says so. */
export function print(rows) {
  const head = ['Figure', 'Offhook, p50 / p95', 'budget', 'peer in the same run', 'peer, p50 / p95', 'peer ÷ Offhook']
  const lines = rows.map((row) => [
    row.figure,
    pair(row, row.unit),
    row.budget === undefined ? '' : `${row.budget} ${row.unit}${row.held > row.budget ? ' OVER' : ''}`,
    row.peer?.name ?? '',
    row.peer ? pair(row.peer, row.unit) : '',
    ratio(row),
  ])
  const widths = head.map((title, column) => Math.max(...[title, ...lines.map((line) => line[column])].map((text) => text.length)))
  const show = (cells) => console.log(`| ${cells.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`)
  show(head)
  show(widths.map((width) => '-'.repeat(width)))
  lines.forEach(show)
}
