//! A recording: both voices as waveforms, played, skipped and sped up by mouse or keyboard.
import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Skeleton,
  Slider,
  Text,
  useComputedColorScheme,
} from '@mantine/core'
import {
  IconDownload,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconRewindBackward10,
  IconRewindForward10,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import WaveSurfer from 'wavesurfer.js'
import { api, fileUrl } from '@/api/client'
import { duration, spokenDuration } from '@/lib/format'
import classes from './Player.module.css'
import { Failed } from './states'

interface Peaks {
  channels: number[][]
  seconds: number
}

interface PlayerProps {
  /** The recording's address below `/api/v1`; `/audio` and `/peaks` hang below it. */
  path: string
  /** Who speaks in each channel, in order. */
  voices: string[]
  name: string
  /** Told whenever it begins to sound. */
  onPlay?: () => void
}

const SPEEDS = [0.75, 1, 1.25, 1.5, 2]

export function Player({ path, voices, name, onPlay }: PlayerProps) {
  const peaks = useQuery({
    queryKey: ['peaks', path],
    queryFn: ({ signal }) => api.get<Peaks>(`${path}/peaks`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (peaks.isPending) return <Skeleton height={144} radius="md" />
  if (peaks.isError) return <Failed error={peaks.error} onRetry={() => void peaks.refetch()} />
  return <LoadedPlayer path={path} peaks={peaks.data} voices={voices} name={name} onPlay={onPlay} />
}

function LoadedPlayer({ path, peaks, voices, name, onPlay }: PlayerProps & { peaks: Peaks }) {
  const wave = useRef<HTMLDivElement>(null)
  const audio = useRef<HTMLAudioElement>(null)
  const [at, setAt] = useState(0)
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const { source, load, failed } = useSource(path)
  useWave(wave, audio, peaks)

  const seek = (seconds: number) => {
    const element = audio.current
    const to = Math.min(Math.max(0, seconds), peaks.seconds)
    setAt(to)
    if (element && source) element.currentTime = to
  }
  const toggle = async () => {
    const element = audio.current
    if (!element) return
    if (!element.paused) return element.pause()
    if (!source) {
      const url = await load()
      if (!url) return
      element.src = url
      element.currentTime = at
    }
    element.playbackRate = speed
    await element.play()
  }
  const faster = (to: number) => {
    setSpeed(to)
    if (audio.current) audio.current.playbackRate = to
  }

  return (
    <section className={classes.player} aria-label={name}>
      {/* biome-ignore lint/a11y/useMediaCaption: a phone call has no captions; its transcript stands beside it. */}
      <audio
        ref={audio}
        preload="none"
        onPlay={() => {
          setPlaying(true)
          onPlay?.()
        }}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
      />
      <div className={classes.wave}>
        <div className={classes.voices} aria-hidden>
          {voices.slice(0, peaks.channels.length).map((voice) => (
            <span key={voice}>{voice}</span>
          ))}
        </div>
        <div ref={wave} className={classes.canvas} aria-hidden />
      </div>
      <Slider
        className={classes.slider}
        size="xs"
        min={0}
        max={Math.max(peaks.seconds, 0.1)}
        step={1}
        value={at}
        onChange={seek}
        label={(value) => duration(value)}
        thumbLabel="Position"
        thumbProps={{ 'aria-valuetext': spokenDuration(at) }}
      />
      <Group gap="xs" wrap="nowrap">
        <ActionIcon
          variant="filled"
          color="teal"
          radius="xl"
          onClick={() => void toggle()}
          aria-label={playing ? 'Pause' : 'Play'}
        >
          {playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
        </ActionIcon>
        <ActionIcon onClick={() => seek(at - 10)} aria-label="Back 10 seconds">
          <IconRewindBackward10 size={20} />
        </ActionIcon>
        <ActionIcon onClick={() => seek(at + 10)} aria-label="Forward 10 seconds">
          <IconRewindForward10 size={20} />
        </ActionIcon>
        <Text className="num" size="sm">
          {duration(at)} <span className="quiet">/ {duration(peaks.seconds)}</span>
        </Text>
        <div className={classes.grow} />
        <Menu position="top-end">
          <Menu.Target>
            <Button size="compact-sm" variant="subtle" color="gray" aria-label={`Speed, ${speed} times`}>
              {speed}×
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {SPEEDS.map((each) => (
              <Menu.Item key={each} onClick={() => faster(each)}>
                {each}×
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <ActionIcon onClick={() => void download(path, name)} aria-label="Download the recording">
          <IconDownload size={18} />
        </ActionIcon>
      </Group>
      {failed && (
        <Text c="red" size="sm" role="alert">
          The recording could not be loaded. Try again in a moment.
        </Text>
      )}
    </section>
  )
}

/** The sound itself is fetched when somebody presses Play, not when they open the call. */
function useSource(path: string) {
  const [source, setSource] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)
  const revoke = useRef<() => void>(() => {})
  // The object behind the address is freed with the page that plays it.
  useEffect(() => () => revoke.current(), [])
  const load = async (): Promise<string | null> => {
    try {
      const file = await fileUrl(`${path}/audio`)
      revoke.current = file.revoke
      setSource(file.url)
      setFailed(false)
      return file.url
    } catch {
      setFailed(true)
      return null
    }
  }
  return { source, load, failed }
}

function useWave(
  box: React.RefObject<HTMLDivElement | null>,
  audio: React.RefObject<HTMLAudioElement | null>,
  peaks: Peaks,
) {
  const scheme = useComputedColorScheme()
  // wavesurfer draws into an element of its own; it lives as long as the player and the theme.
  useEffect(() => {
    if (!box.current || !audio.current || !scheme) return
    const style = getComputedStyle(box.current)
    const colour = (token: string) => style.getPropertyValue(token).trim()
    const channel = (played: string) => ({ waveColor: colour('--oh-wave'), progressColor: colour(played) })
    const surfer = WaveSurfer.create({
      container: box.current,
      media: audio.current,
      peaks: peaks.channels,
      duration: peaks.seconds,
      height: peaks.channels.length > 1 ? 44 : 72,
      barWidth: 2,
      barGap: 1,
      barRadius: 2,
      barMinHeight: 1,
      cursorWidth: 1,
      cursorColor: colour('--oh-text'),
      normalize: true,
      dragToSeek: true,
      ...channel('--oh-accent'),
      splitChannels: peaks.channels.length > 1 ? [channel('--oh-blue'), channel('--oh-accent')] : undefined,
    })
    return () => surfer.destroy()
  }, [box, audio, peaks, scheme])
}

async function download(path: string, name: string): Promise<void> {
  const file = await fileUrl(`${path}/audio`)
  const link = document.createElement('a')
  link.href = file.url
  link.download = `${name}.wav`
  link.click()
  setTimeout(file.revoke, 10_000)
}
