//! The other phones: who would answer a number, and how to make it do something else.
import { Button, NativeSelect, Table, TextInput, VisuallyHidden } from '@mantine/core'
import { IconPhone } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { phoneNumber } from '@/lib/phoneNumbers'
import { Panel, Panels } from '@/ui/Panel'
import { Empty, Failed } from '@/ui/states'
import { toast } from '@/ui/toast'
import { WideTable } from '@/ui/WideTable'
import { behaviourOf, behaviourWords, choiceOf, OTHERS } from './behaviours'
import { ask, type Persona, phonePath, phonesKey, type SandboxPhone, usePersonas, usePhones } from './control'
import { e164 } from './numbers'
import classes from './Phones.module.css'

export function Phones() {
  const phones = usePhones()
  return (
    <Panels>
      <Panel
        title="Phones"
        about="Any number that nobody answers by webhook is a phone here. What you choose counts from its next call on."
      >
        {phones.isError && !phones.data && (
          <Failed error={phones.error} onRetry={() => void phones.refetch()} />
        )}
        {phones.data?.length === 0 && (
          <Empty icon={IconPhone} title="No phone yet">
            Numbers show up here once they are called, or once you say below how they behave.
          </Empty>
        )}
        {phones.data && phones.data.length > 0 && <List phones={phones.data} />}
      </Panel>
      <Panel title="Another number" about="Numbers that are not in the list answer after 2 s and speak.">
        <Another />
      </Panel>
    </Panels>
  )
}

function useBehave() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ number, choice }: { number: string; choice: string }) =>
      ask<void>(`${phonePath(number)}/behaviour`, { method: 'PUT', body: behaviourOf(choice) }),
    onSuccess: () => cache.invalidateQueries({ queryKey: phonesKey }),
    onError: (error) => toast(error.message, { tone: 'bad' }),
  })
}

const choices = (personas: Persona[]) => [
  { group: 'Answers and speaks', items: personas.map(({ name, who }) => ({ value: name, label: who })) },
  { group: 'Does something else', items: OTHERS.map(({ value, label }) => ({ value, label })) },
]

function List({ phones }: { phones: SandboxPhone[] }) {
  const personas = usePersonas().data ?? []
  const behave = useBehave()
  return (
    <WideTable label="All phones" minWidth={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Number</Table.Th>
          <Table.Th scope="col">When it is called</Table.Th>
          <Table.Th scope="col">Now</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {phones.map((phone) => (
          <Table.Tr key={phone.number}>
            <Table.Td className={`${classes.number} num`}>{phoneNumber(phone.number, 'US')}</Table.Td>
            <Table.Td>
              <Choice
                phone={phone}
                personas={personas}
                onChoose={(choice) => behave.mutate({ number: phone.number, choice })}
              />
            </Table.Td>
            <Table.Td>
              <Now phone={phone} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

interface ChoiceProps {
  phone: SandboxPhone
  personas: Persona[]
  onChoose: (choice: string) => void
}

function Choice({ phone, personas, onChoose }: ChoiceProps) {
  const choice = choiceOf(phone.behaviour)
  const own = { value: '', label: behaviourWords(phone.behaviour, personas), disabled: true }
  return (
    <NativeSelect
      aria-label={`What ${phoneNumber(phone.number, 'US')} does`}
      value={choice ?? ''}
      data={choice ? choices(personas) : [own, ...choices(personas)]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  )
}

function Now({ phone }: { phone: SandboxPhone }) {
  const cache = useQueryClient()
  const hangUp = useMutation({
    mutationFn: () => ask<unknown>(`${phonePath(phone.number)}/hangup`, { method: 'POST' }),
    onSuccess: () => cache.invalidateQueries({ queryKey: phonesKey }),
    onError: (error) => toast(error.message, { tone: 'bad' }),
  })
  if (phone.held) return <>In your hand</>
  if (!phone.call) return <span className="quiet">Free</span>
  return (
    <span className={classes.now}>
      {phone.call.status === 'in-progress' ? 'Talking' : 'Ringing'}
      <Button variant="default" size="compact-sm" loading={hangUp.isPending} onClick={() => hangUp.mutate()}>
        End <VisuallyHidden>the call of {phone.number}</VisuallyHidden>
      </Button>
    </span>
  )
}

function Another() {
  const personas = usePersonas().data ?? []
  const behave = useBehave()
  const [text, setText] = useState('')
  const [choice, setChoice] = useState('busy')
  const [wrong, setWrong] = useState<string | null>(null)
  const save = () => {
    const number = e164(text)
    if (!number) return setWrong('Type a whole number, such as +14155550123')
    behave.mutate({ number, choice }, { onSuccess: () => setText('') })
  }
  return (
    <form
      className={classes.another}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <TextInput
        label="Number"
        inputMode="tel"
        placeholder="+1 415 555 0123"
        value={text}
        error={wrong}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setWrong(null)
        }}
      />
      <NativeSelect
        label="When it is called"
        value={choice}
        data={choices(personas)}
        onChange={(event) => setChoice(event.currentTarget.value)}
      />
      <Button type="submit" loading={behave.isPending}>
        Save
      </Button>
    </form>
  )
}
