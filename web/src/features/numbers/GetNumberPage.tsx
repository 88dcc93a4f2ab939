//! Get a number: search with the price, the papers that the country asks for, and the purchase.
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { paths } from '@/paths'
import { PageHeader } from '@/shell/PageHeader'
import { Panel, Panels } from '@/ui/Panel'
import { NumberShop } from './NumberShop'

export default function GetNumberPage() {
  const navigate = useNavigate()
  return (
    <>
      <PageHeader title="Get a number" />
      <Panels>
        <Panel
          title="Find a number"
          about="You pay the carrier for it, by the month, until you release it."
          actions={
            <Button variant="default" onClick={() => void navigate({ to: paths.numbers })}>
              Back to numbers
            </Button>
          }
        >
          <NumberShop
            onBought={(number) =>
              void navigate({ to: '/numbers/$numberId', params: { numberId: number.id } })
            }
          />
        </Panel>
      </Panels>
    </>
  )
}
