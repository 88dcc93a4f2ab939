//! Contacts: who is this, and everything we ever said to each other.
import { Button, CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconAddressBook, IconSearch, IconUserPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '@/api/client'
import { useSession } from '@/api/session'
import type { Page } from '@/api/types'
import { moveByArrows } from '@/lib/moveByArrows'
import { phoneNumber } from '@/lib/phoneNumbers'
import { paths } from '@/paths'
import { CallButton } from '@/phone/CallButton'
import { HeadButton } from '@/shell/HeadButton'
import { PageHeader } from '@/shell/PageHeader'
import { ListDetail } from '@/ui/ListDetail'
import { PersonCircle, PersonName } from '@/ui/Person'
import { Empty, Failed, LoadingRows, NothingMatches } from '@/ui/states'
import { ContactDetail } from './ContactDetail'
import { ContactForm } from './ContactForm'
import classes from './ContactsPage.module.css'
import type { FullContact } from './contact'

export default function ContactsPage() {
  const { q } = useSearch({ from: '/app/contacts' })
  const { contactId } = useParams({ strict: false }) as { contactId?: string }
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const search = (next?: string) => void navigate({ to: paths.contacts, search: { q: next }, replace: true })
  const close = () => void navigate({ to: paths.contacts, search: { q } })
  const add = (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
      Add contact
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Contacts"
        actions={<HeadButton label="Add contact" icon={IconUserPlus} onClick={() => setAdding(true)} />}
      />
      <ListDetail
        toolbar={<Search q={q} onSearch={search} />}
        list={<ContactList q={q} selected={contactId} add={add} onClear={() => search(undefined)} />}
        detail={contactId ? <ContactDetail key={contactId} id={contactId} onGone={close} /> : null}
        detailLabel="Contact"
        placeholder={
          <Empty icon={IconAddressBook} title="Choose a contact">
            Their numbers and every call with them appear here.
          </Empty>
        }
        onClose={close}
      />
      {adding && (
        <ContactForm
          onClose={() => setAdding(false)}
          onSaved={(id) => {
            setAdding(false)
            void navigate({ to: '/contacts/$contactId', params: { contactId: id }, search: { q } })
          }}
        />
      )}
    </>
  )
}

function Search({ q, onSearch }: { q?: string; onSearch: (q?: string) => void }) {
  const [words, setWords] = useState(q ?? '')
  const later = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), 200)
  const type = (text: string) => {
    setWords(text)
    later(text)
  }
  return (
    <TextInput
      style={{ flex: 1 }}
      type="search"
      aria-label="Search contacts"
      placeholder="Name, company, or number in any format"
      leftSection={<IconSearch size={16} />}
      rightSection={words && <CloseButton size="sm" aria-label="Clear the search" onClick={() => type('')} />}
      value={words}
      onChange={(event) => type(event.currentTarget.value)}
    />
  )
}

interface ContactListProps {
  q?: string
  selected?: string
  add: React.ReactNode
  onClear: () => void
}

function ContactList({ q, selected, add, onClear }: ContactListProps) {
  const contacts = useInfiniteQuery({
    queryKey: ['contacts', { q, sort: 'name' }],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<FullContact>>('/contacts', { q, sort: 'name', limit: 100, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (previous) => previous,
  })
  const items = contacts.data?.pages.flatMap((page) => page.items) ?? []
  if (contacts.isPending) return <LoadingRows />
  if (contacts.isError) return <Failed error={contacts.error} onRetry={() => void contacts.refetch()} />
  if (items.length === 0)
    return q ? (
      <NothingMatches what="contacts" onClear={onClear} />
    ) : (
      <Empty icon={IconAddressBook} title="No contacts yet" action={add}>
        People and companies you talk to. A caller whose number is known here is shown by name.
      </Empty>
    )
  return (
    <ul className={classes.list}>
      {items.map((contact) => (
        <ContactRow key={contact.id} contact={contact} selected={contact.id === selected} />
      ))}
      {contacts.hasNextPage && (
        <li className={classes.more}>
          <Button
            variant="default"
            loading={contacts.isFetchingNextPage}
            onClick={() => void contacts.fetchNextPage()}
          >
            Show more
          </Button>
        </li>
      )}
    </ul>
  )
}

function ContactRow({ contact, selected }: { contact: FullContact; selected: boolean }) {
  const { organization } = useSession()
  const first = contact.phones[0]
  return (
    <li className={classes.item} data-selected={selected || undefined}>
      <Link
        to="/contacts/$contactId"
        params={{ contactId: contact.id }}
        search
        className={classes.row}
        data-row
        onKeyDown={moveByArrows}
        aria-current={selected ? 'true' : undefined}
      >
        <PersonCircle name={contact.name} />
        <span className={classes.words}>
          <strong className={classes.name}>
            <PersonName name={contact.name} />
          </strong>
          <span className={`${classes.second} cut`}>
            {[contact.company, first && phoneNumber(first.number, organization.country)]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
      </Link>
      {first && <CallButton compact number={first.number} name={contact.name} contactId={contact.id} />}
    </li>
  )
}
