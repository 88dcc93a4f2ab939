//! The page: the phone on one side, what happens because of it on the other.
import { ActionIcon, Tabs, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import {
  IconCloudStorm,
  IconMessage,
  IconMoon,
  IconPhone,
  IconPhoneCall,
  IconSun,
  IconWebhook,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Calls } from './Calls'
import classes from './Console.module.css'
import { Faults } from './Faults'
import { Messages } from './Messages'
import { PhonePanel } from './PhonePanel'
import { Phones } from './Phones'
import { Webhooks } from './Webhooks'

export function Console() {
  const [shown, setShown] = useState('webhooks')
  const [call, setCall] = useState('')
  const showWebhooks = (sid: string) => {
    setCall(sid)
    setShown('webhooks')
  }
  return (
    <div className={classes.console}>
      <header className={classes.bar}>
        <h1 className={classes.title}>Sandbox console</h1>
        <span className={`${classes.about} quiet`}>Nothing here leaves this machine or costs money</span>
        <Scheme />
      </header>
      <main className={classes.main}>
        <PhonePanel />
        <Tabs
          value={shown}
          onChange={(tab) => setShown(tab ?? 'webhooks')}
          className={classes.inspector}
          keepMounted={false}
          classNames={{ panel: classes.panel, list: classes.tabs }}
        >
          <Tabs.List aria-label="What happens">
            <Tabs.Tab value="webhooks" leftSection={<IconWebhook size={16} />}>
              Webhooks
            </Tabs.Tab>
            <Tabs.Tab value="calls" leftSection={<IconPhoneCall size={16} />}>
              Calls
            </Tabs.Tab>
            <Tabs.Tab value="messages" leftSection={<IconMessage size={16} />}>
              Messages
            </Tabs.Tab>
            <Tabs.Tab value="phones" leftSection={<IconPhone size={16} />}>
              Phones
            </Tabs.Tab>
            <Tabs.Tab value="faults" leftSection={<IconCloudStorm size={16} />}>
              Misbehaviour
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="webhooks">
            <Webhooks search={call} onSearch={setCall} />
          </Tabs.Panel>
          <Tabs.Panel value="calls">
            <Calls onWebhooks={showWebhooks} />
          </Tabs.Panel>
          <Tabs.Panel value="messages">
            <Messages />
          </Tabs.Panel>
          <Tabs.Panel value="phones">
            <Phones />
          </Tabs.Panel>
          <Tabs.Panel value="faults">
            <Faults />
          </Tabs.Panel>
        </Tabs>
      </main>
    </div>
  )
}

function Scheme() {
  const scheme = useComputedColorScheme()
  const { setColorScheme } = useMantineColorScheme()
  const next = scheme === 'dark' ? 'light' : 'dark'
  return (
    <Tooltip label={`Use the ${next} theme`}>
      <ActionIcon onClick={() => setColorScheme(next)} aria-label={`Use the ${next} theme`}>
        {scheme === 'dark' ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  )
}
