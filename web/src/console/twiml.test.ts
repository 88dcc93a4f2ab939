import { describe, expect, it } from 'vitest'
import { twimlLines } from './twiml'

const shown = (body: string) =>
  twimlLines(body)?.map((line) => '  '.repeat(line.depth) + line.pieces.map((piece) => piece.text).join(''))

describe('TwiML', () => {
  it('is shown one element on a line, indented by depth', () => {
    const body =
      '<?xml version="1.0"?><Response><Say voice="alice">One moment &amp; no more.</Say><Dial action="/a?b=1&amp;c=2"><Conference>room</Conference></Dial><Hangup/></Response>'
    expect(shown(body)).toEqual([
      '<?xml version="1.0"?>',
      '<Response>',
      '  <Say voice="alice">One moment &amp; no more.</Say>',
      '  <Dial action="/a?b=1&amp;c=2">',
      '    <Conference>room</Conference>',
      '  </Dial>',
      '  <Hangup/>',
      '</Response>',
    ])
  })

  it('keeps text between elements, and an empty answer is no document', () => {
    expect(shown('<Response><Dial>+14155550100<Number>+1</Number></Dial></Response>')).toContain(
      '    +14155550100',
    )
    expect(twimlLines('')).toBeNull()
    expect(twimlLines('Not found')).toBeNull()
  })

  it('tells names, attributes and values apart', () => {
    const kinds = twimlLines('<Play digits="1w2"/>')?.[0]?.pieces.map((piece) => piece.kind)
    expect(kinds).toEqual(['mark', 'name', 'attribute', 'value', 'mark'])
  })
})
