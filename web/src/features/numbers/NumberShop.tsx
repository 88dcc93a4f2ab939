//! Numbers for sale: what is wanted, what there is and costs, which papers it needs, and the click that buys it.
import { Alert, Button, Loader, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconHash } from '@tabler/icons-react'
import { useState } from 'react'
import { useSession } from '@/api/session'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Empty, Failed, LoadingRows } from '@/ui/states'
import { BuyNumber } from './BuyNumber'
import { NotListed } from './NotListed'
import classes from './NumberShop.module.css'
import { PapersFields } from './PapersFields'
import { useAvailable, useCountries, type Wanted } from './queries'
import { SearchFields } from './SearchFields'
import type { Available, Country, OurNumber, Search } from './shapes'
import { type Chosen, capabilityWords, fitting, monthlyWords, typeWords } from './words'

const TYPING_SETTLES_MS = 400

export function NumberShop({ onBought }: { onBought: (number: OurNumber) => void }) {
  const countries = useCountries()
  if (countries.isPending) return <LoadingRows rows={4} />
  if (countries.isError) return <NotListed error={countries.error} onRetry={() => void countries.refetch()} />
  if (countries.data.length === 0)
    return <Empty icon={IconHash} title="The carrier offers no numbers to this account" />
  return <Shop countries={countries.data} onBought={onBought} />
}

function Shop({ countries, onBought }: { countries: Country[]; onBought: (number: OurNumber) => void }) {
  const home = useSession().organization.country
  const [wanted, setWanted] = useState<Wanted>(() => {
    const first = countries.find((each) => each.country === home) ?? countries[0]
    return {
      country: first?.country ?? 'US',
      type: first?.types[0]?.type ?? 'local',
      contains: '',
      area_code: '',
      locality: '',
      sms: false,
    }
  })
  const [settled] = useDebouncedValue(wanted, TYPING_SETTLES_MS)
  const search = useAvailable(settled, true)
  const looking = search.isFetching || settled !== wanted
  return (
    <div className={classes.shop}>
      <SearchFields countries={countries} wanted={wanted} onChange={setWanted} />
      {search.isError && <Failed error={search.error} onRetry={() => void search.refetch()} />}
      {search.isPending && !search.isError && <LoadingRows rows={5} />}
      {search.data && !search.isError && (
        <Results search={search.data} wanted={settled} looking={looking} onBought={onBought} />
      )}
    </div>
  )
}

interface ResultsProps {
  search: Search
  wanted: Wanted
  looking: boolean
  onBought: (number: OurNumber) => void
}

function Results({ search, wanted, looking, onBought }: ResultsProps) {
  const [wish, setWish] = useState<Chosen>({ bundle: null, address: null })
  const [buying, setBuying] = useState<Available | null>(null)
  const { items, papers } = search
  const chosen = fitting(papers, wish)
  return (
    <>
      <PapersFields papers={papers} chosen={chosen} onChange={setWish} />
      <p className={classes.found} role="status">
        {looking ? (
          <>
            <Loader size={14} aria-hidden /> Searching
          </>
        ) : items.length === 0 ? (
          'No numbers fit'
        ) : (
          `${items.length} ${items.length === 1 ? 'number' : 'numbers'} for sale`
        )}
      </p>
      {items.length === 0 && !looking && (
        <Empty icon={IconHash} title="No number like that is for sale">
          Ask for fewer digits, another area or another type.
        </Empty>
      )}
      <ul className={classes.results} data-old={looking || undefined}>
        {items.map((item) => (
          <Result key={item.number} item={item} able={papers.ready} onBuy={() => setBuying(item)} />
        ))}
      </ul>
      {items.length > 0 && !papers.ready && (
        <Alert color="yellow">
          {typeWords(wanted.type)} numbers of this country cannot be bought until the papers above are in
          order.
        </Alert>
      )}
      {buying && (
        <BuyNumber
          wanted={{ ...buying, country: wanted.country }}
          papers={papers}
          chosen={chosen}
          onBought={onBought}
          onClose={() => setBuying(null)}
        />
      )}
    </>
  )
}

function Result({ item, able, onBuy }: { item: Available; able: boolean; onBuy: () => void }) {
  const { country } = useSession().organization
  const place = [item.locality, item.region].filter(Boolean).join(', ')
  const about = [place || typeWords(item.type), capabilityWords(item.capabilities).join(', ')].filter(Boolean)
  return (
    <li className={classes.result}>
      <span className={classes.words}>
        <strong className="num">{phoneNumber(item.number, country)}</strong>
        <Text span size="xs" c="dimmed">
          {about.join(' · ')}
        </Text>
      </span>
      <span className={`${classes.price} num`}>{monthlyWords(item.monthly)}</span>
      <Button
        size="compact-md"
        variant="default"
        disabled={!able}
        title={able ? undefined : 'Papers are missing'}
        aria-label={`Buy ${phoneNumber(item.number, country)}`}
        onClick={onBuy}
      >
        Buy
      </Button>
    </li>
  )
}
