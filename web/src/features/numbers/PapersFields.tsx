//! The papers that a country asks for: which of the account's fit, chosen here, and why the others do not.
import { Anchor, Radio, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconFileText } from '@tabler/icons-react'
import classes from './NumberShop.module.css'
import type { Paper, Papers } from './shapes'
import type { Chosen } from './words'

interface PapersFieldsProps {
  papers: Papers
  chosen: Chosen
  onChange: (chosen: Chosen) => void
}

export function PapersFields({ papers, chosen, onChange }: PapersFieldsProps) {
  if (!papers.needs_bundle && !papers.needs_address) return null
  return (
    <section className={classes.papers} data-ready={papers.ready || undefined} aria-label="Papers">
      <h3>
        {papers.ready ? <IconCircleCheck size={18} aria-hidden /> : <IconFileText size={18} aria-hidden />}
        {papers.ready ? 'Your papers are in order' : 'Papers are needed first'}
      </h3>
      <Text>{papers.sentence}</Text>
      {papers.needs_bundle && papers.bundles.length > 0 && (
        <Choice
          label="Regulatory bundle"
          papers={papers.bundles}
          about={() => null}
          value={chosen.bundle}
          onChange={(bundle) => onChange({ ...chosen, bundle })}
        />
      )}
      {papers.needs_address && papers.addresses.length > 0 && (
        <Choice
          label="Address"
          papers={papers.addresses}
          about={(paper) => paper.line}
          value={chosen.address}
          onChange={(address) => onChange({ ...chosen, address })}
        />
      )}
      {papers.link && (
        <Anchor href={papers.link} target="_blank" rel="noreferrer">
          Open the papers in Twilio’s console
        </Anchor>
      )}
    </section>
  )
}

interface ChoiceProps<P extends Paper> {
  label: string
  papers: P[]
  about: (paper: P) => string | null
  value: string | null
  onChange: (sid: string) => void
}

function Choice<P extends Paper>({ label, papers, about, value, onChange }: ChoiceProps<P>) {
  return (
    <Radio.Group label={label} value={value} onChange={onChange}>
      <Stack gap={6} mt={4}>
        {papers.map((paper) => (
          <Radio
            key={paper.sid}
            value={paper.sid}
            disabled={!paper.fits}
            label={paper.name}
            description={paper.fits ? about(paper) : paper.why_not}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
