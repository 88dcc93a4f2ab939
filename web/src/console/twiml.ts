//! TwiML as people read it: one element on a line, indented, in pieces that can be coloured.

export interface Piece {
  kind: 'mark' | 'name' | 'attribute' | 'value' | 'text'
  text: string
}

export interface TwimlLine {
  depth: number
  pieces: Piece[]
}

const TOKEN = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<[^>]*>|[^<]+/g

/** The document's lines; null when it is no XML, which is then shown as it came. */
export function twimlLines(body: string): TwimlLine[] | null {
  if (!body.trim().startsWith('<')) return null
  const lines: TwimlLine[] = []
  let depth = 0
  const tokens = (body.match(TOKEN) ?? []).filter((token) => token.trim() !== '')
  for (let at = 0; at < tokens.length; at += 1) {
    const token = (tokens[at] ?? '').trim()
    if (token.startsWith('<?') || token.startsWith('<!')) {
      lines.push({ depth: 0, pieces: [{ kind: 'mark', text: token }] })
    } else if (token.startsWith('</')) {
      depth = Math.max(0, depth - 1)
      lines.push({ depth, pieces: tag(token) })
    } else if (token.startsWith('<')) {
      const [text, close] = [tokens[at + 1] ?? '', tokens[at + 2] ?? '']
      if (token.endsWith('/>')) lines.push({ depth, pieces: tag(token) })
      else if (close.startsWith('</') && !text.startsWith('<')) {
        lines.push({ depth, pieces: [...tag(token), { kind: 'text', text: text.trim() }, ...tag(close)] })
        at += 2
      } else {
        lines.push({ depth, pieces: tag(token) })
        depth += 1
      }
    } else {
      lines.push({ depth, pieces: [{ kind: 'text', text: token }] })
    }
  }
  return lines
}

function tag(token: string): Piece[] {
  const parts = /^(<\/?)([^\s/>]+)([\s\S]*?)(\/?>)$/.exec(token)
  if (!parts) return [{ kind: 'mark', text: token }]
  const [, open = '', name = '', attributes = '', end = ''] = parts
  const pieces: Piece[] = [
    { kind: 'mark', text: open },
    { kind: 'name', text: name },
  ]
  for (const [, key = '', value = ''] of attributes.matchAll(/([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    pieces.push({ kind: 'attribute', text: ` ${key}=` }, { kind: 'value', text: value })
  }
  pieces.push({ kind: 'mark', text: end })
  return pieces
}
