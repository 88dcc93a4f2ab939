//! One webhook: the request with its signature, each try, and the answer as people read it.
import { ActionIcon, Button, CopyButton, Title, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Webhook } from './control'
import { type TwimlLine, twimlLines } from './twiml'
import classes from './WebhookDetail.module.css'
import { Status } from './Webhooks'
import { clock, param } from './webhookWords'

export function WebhookDetail({ webhook, onSearch }: { webhook: Webhook; onSearch: (text: string) => void }) {
  const call = param(webhook, 'CallSid')
  return (
    <article className={classes.detail}>
      <header className={classes.head}>
        <Status webhook={webhook} />
        <div className={classes.address}>
          <strong>{webhook.method}</strong> {webhook.url}
        </div>
        <p className={classes.facts}>
          {clock(webhook.at)} · {webhook.millis === null ? 'not answered yet' : `${webhook.millis} ms`} ·
          account {webhook.account_sid}
        </p>
        {call && (
          <Button variant="default" size="compact-sm" onClick={() => onSearch(call)}>
            Only this call
          </Button>
        )}
      </header>
      <Answer webhook={webhook} />
      <Part title="Request" copy={webhook.params.map(([name, value]) => `${name}=${value}`).join('\n')}>
        <Pairs pairs={[...webhook.params, ['X-Twilio-Signature', webhook.signature]]} />
      </Part>
      <Attempts webhook={webhook} />
    </article>
  )
}

function Answer({ webhook }: { webhook: Webhook }) {
  if (webhook.millis === null) return null
  const lines = twimlLines(webhook.body)
  return (
    <Part title={lines ? 'TwiML' : 'Answer'} copy={webhook.body}>
      {webhook.error && (
        <p className={classes.error}>
          Error {webhook.error[0]}: {webhook.error[1]}
        </p>
      )}
      {lines ? <Twiml lines={lines} /> : <pre className={classes.code}>{webhook.body || 'No body'}</pre>}
    </Part>
  )
}

function Twiml({ lines }: { lines: TwimlLine[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <pre className={classes.code} tabIndex={0}>
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an answer never move.
        <div key={row} style={{ paddingLeft: `${line.depth * 2}ch` }}>
          {line.pieces.map((piece, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nor do its pieces.
            <span key={at} className={classes[piece.kind]}>
              {piece.text}
            </span>
          ))}
        </div>
      ))}
    </pre>
  )
}

function Attempts({ webhook }: { webhook: Webhook }) {
  return (
    <Part title={webhook.attempts.length === 1 ? 'One attempt' : `${webhook.attempts.length} attempts`}>
      <Pairs
        pairs={webhook.attempts.map((each, at) => [
          `${at + 1}.`,
          `${each.status ?? each.error ?? 'no answer'} after ${each.millis} ms`,
        ])}
      />
    </Part>
  )
}

function Pairs({ pairs }: { pairs: [string, string][] }) {
  return (
    <dl className={classes.pairs}>
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Part({ title, copy, children }: { title: string; copy?: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <div className={classes.partHead}>
        <Title order={2} size="h3">
          {title}
        </Title>
        {copy && (
          <CopyButton value={copy} timeout={1500}>
            {({ copied, copy }) => (
              <Tooltip label={copied ? 'Copied' : 'Copy'}>
                <ActionIcon size="sm" onClick={copy} aria-label={`Copy ${title}`}>
                  {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                </ActionIcon>
              </Tooltip>
            )}
          </CopyButton>
        )}
      </div>
      {children}
    </section>
  )
}
