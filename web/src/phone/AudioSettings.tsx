//! Microphone, speaker and ringer chosen apart, with a level meter and a test.
import { ActionIcon, Button, NativeSelect, Popover, Stack, Text } from '@mantine/core'
import { IconHeadphones } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import classes from './AudioSettings.module.css'
import { chosenDevices, type Found, findDevices, keepDevices, meter } from './audioChoice'
import type { AudioDevices } from './line'
import { usePhone } from './PhoneProvider'
import { play, setRinger } from './ringer'

export function AudioSettings() {
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={288} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon aria-label="Audio devices" onClick={() => setOpen(!open)}>
          <IconHeadphones size={20} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>{open && <Devices />}</Popover.Dropdown>
    </Popover>
  )
}

function Devices() {
  const phone = usePhone()
  const [found, setFound] = useState<Found>({ microphones: [], speakers: [] })
  const [chosen, setChosen] = useState<AudioDevices>(chosenDevices)
  // The list of devices belongs to the browser and changes when a headset is plugged in.
  useEffect(() => {
    const look = () => void findDevices().then(setFound)
    look()
    navigator.mediaDevices?.addEventListener('devicechange', look)
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look)
  }, [])
  function choose(change: AudioDevices) {
    const next = { ...chosen, ...change }
    setChosen(next)
    keepDevices(next)
    setRinger(next.ringer ?? '')
    phone.setDevices(next)
  }
  return (
    <Stack gap="sm">
      <DeviceSelect
        label="Microphone"
        devices={found.microphones}
        value={chosen.microphone}
        onChoose={(microphone) => choose({ microphone })}
      />
      <Meter microphone={chosen.microphone} />
      {found.speakers.length > 0 && (
        <>
          <DeviceSelect
            label="Speaker"
            devices={found.speakers}
            value={chosen.speaker}
            onChoose={(speaker) => choose({ speaker })}
          />
          <DeviceSelect
            label="Rings on"
            devices={found.speakers}
            value={chosen.ringer}
            onChoose={(ringer) => choose({ ringer })}
          />
        </>
      )}
      <Button size="compact-sm" variant="default" onClick={() => void play('ring')}>
        Test the ring
      </Button>
    </Stack>
  )
}

interface DeviceSelectProps {
  label: string
  devices: MediaDeviceInfo[]
  value: string | undefined
  onChoose: (id: string | undefined) => void
}

function DeviceSelect({ label, devices, value, onChoose }: DeviceSelectProps) {
  const data = [
    { value: '', label: 'As the system' },
    ...devices
      .filter((device) => device.deviceId !== 'default')
      .map((device) => ({ value: device.deviceId, label: device.label })),
  ]
  return (
    <NativeSelect
      label={label}
      size="xs"
      data={data}
      value={value ?? ''}
      onChange={(event) => onChoose(event.currentTarget.value || undefined)}
    />
  )
}

function Meter({ microphone }: { microphone: string | undefined }) {
  const [level, setLevel] = useState<number | null>(null)
  const [testing, setTesting] = useState(false)
  // The microphone is open only while it is being tested.
  useEffect(() => {
    if (!testing) return
    let stop: (() => void) | undefined
    let over = false
    meter(microphone, setLevel).then(
      (end) => {
        stop = end
        if (over) end()
      },
      () => setTesting(false),
    )
    return () => {
      over = true
      stop?.()
      setLevel(null)
    }
  }, [testing, microphone])
  return (
    <div className={classes.test}>
      <Button size="compact-sm" variant="default" onClick={() => setTesting(!testing)}>
        {testing ? 'Stop' : 'Test the microphone'}
      </Button>
      {testing && (
        <meter className={classes.meter} min={0} max={1} value={level ?? 0} aria-label="Microphone level" />
      )}
      {testing && (
        <Text size="xs" c="dimmed">
          Speak: the bar should move.
        </Text>
      )}
    </div>
  )
}
