//! Doctor: is everything connected, and if not, what do I click.
import { Text } from '@mantine/core'
import { IconRefresh, IconStethoscope } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { Panels } from '@/ui/Panel'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { When } from '@/ui/When'
import { BrowserPanel } from './BrowserPanel'
import { ChecklistsPanel } from './ChecklistsPanel'
import classes from './doctor.module.css'
import { GroupPanel } from './GroupPanel'
import { useReport, useRun } from './queries'
import { groups, summary } from './report'
import { StateSign } from './StateSign'
import type { Report } from './shapes'
import { TrialsPanel } from './TrialsPanel'

export default function DoctorPage() {
  const report = useReport()
  const run = useRun()
  const looking = run.isPending || Boolean(report.data?.running)
  const begun = useRef(false)
  const never = report.data && !report.data.at && !report.data.running
  // The first visit looks by itself: an empty page would help nobody.
  useEffect(() => {
    if (!never || begun.current) return
    begun.current = true
    run.mutate()
  }, [never, run])
  return (
    <>
      <PageHeader
        title="Doctor"
        actions={
          <HeadButton
            label={looking ? 'Looking' : 'Run again'}
            icon={IconRefresh}
            quiet
            onClick={() => !looking && run.mutate()}
          />
        }
      />
      <Panels>
        {report.isPending && <LoadingRows rows={6} />}
        {report.isError && <Failed error={report.error} onRetry={() => void report.refetch()} />}
        {report.data && !report.data.at && (
          <Empty
            icon={IconStethoscope}
            title={looking ? 'Looking at everything' : 'Nothing was looked at yet'}
          >
            The account, the webhooks, the numbers, the server and this browser: it takes a few seconds.
          </Empty>
        )}
        {report.data?.at && <Found report={report.data} looking={looking} />}
        {report.data && <BrowserPanel />}
        {report.data?.at && <TrialsPanel />}
        {report.data?.at && report.data.checklists.length > 0 && (
          <ChecklistsPanel lists={report.data.checklists} />
        )}
      </Panels>
    </>
  )
}

function Found({ report, looking }: { report: Report; looking: boolean }) {
  const worst = report.counts.failed > 0 ? 'failed' : report.counts.warning > 0 ? 'warning' : 'ok'
  return (
    <>
      <section className={classes.summary} data-state={worst} aria-label="Result">
        <StateSign state={worst} size={28} />
        <div role="status">
          <h2>{summary(report)}</h2>
          <Text c="dimmed" className="num">
            {looking ? 'Looking again' : <When at={report.at} />} · {report.counts.ok} fine
            {report.counts.warning > 0 && ` · ${report.counts.warning} to look at`}
            {report.counts.failed > 0 && ` · ${report.counts.failed} broken`}
            {report.counts.skipped > 0 && ` · ${report.counts.skipped} not looked at`}
          </Text>
        </div>
      </section>
      {groups(report.checks).map((group) => (
        <GroupPanel key={group.name} group={group} />
      ))}
    </>
  )
}
