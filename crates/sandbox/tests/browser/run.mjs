// The real, unmodified Voice SDK in headless Chromium against a whole sandbox.
// Run by `node run.mjs PROGRAM [STORY]`, the built example `voice_sdk`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { pitchedMicrophone, plainWebSocket, tools } from './page.mjs';

const sdk = fileURLToPath(new URL('../dist/twilio.js', import.meta.resolve('@twilio/voice-sdk')));
const program = process.argv[2];
const only = process.argv[3];
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
if (!program || !executablePath) {
  console.error(program ? 'no Chromium found (set CHROMIUM)' : 'usage: node run.mjs PROGRAM [STORY]');
  process.exit(2);
}

const child = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] });
const [origin] = await once(createInterface({ input: child.stdout }), 'line');
const host = new URL(origin).host;
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
  ],
});

const get = async (path) => (await fetch(origin + path)).text();
const token = (identity, more = '') => get(`/token?identity=${identity}${more}`);
const log = async () => JSON.parse(await get('/log'));
const near = (heard, hertz) => Math.abs(heard.hertz - hertz) < 30 && heard.level > -60;

function check(what, holds) {
  if (!holds) throw new Error(what);
}

/** What `look` finds, once it finds something. */
async function eventually(look, milliseconds = 10000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`never came: ${look}\n${(await log()).slice(-8).join('\n')}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** The application was told this. */
const logged = (pattern) => eventually(async () => (await log()).find((line) => pattern.test(line)));

/** A page with a device: its own identity, its own pitch. */
async function device(identity, hertz = 900, options = {}, grant = '') {
  const context = await browser.newContext({ permissions: ['microphone'] });
  const page = await context.newPage();
  await page.addInitScript(plainWebSocket);
  await page.addInitScript(pitchedMicrophone, hertz);
  await page.goto(origin);
  await page.addScriptTag({ path: sdk });
  await page.evaluate(tools);
  await page.evaluate(([host, token, options]) => t.start(host, token, options), [host, await token(identity, grant), options]);
  return {
    page,
    run: (what, argument) => page.evaluate(what, argument),
    until: (name, times, milliseconds) =>
      page.evaluate(([name, times, milliseconds]) => t.until(name, times, milliseconds), [name, times, milliseconds]),
    hear: (milliseconds = 1500) => page.evaluate((milliseconds) => t.hear(milliseconds), milliseconds),
    events: () => page.evaluate(() => t.events),
    connect: (params) => page.evaluate((params) => t.connect(params), params),
    sid: () => page.evaluate(() => t.call.parameters.CallSid),
    close: () => context.close(),
  };
}

const stories = {
  async 'a device registers, takes a new token and unregisters'() {
    const one = await device('register_me');
    await one.until('registered');
    check('identity', (await one.run(() => t.device.identity)) === 'register_me');
    const fresh = await token('register_me');
    await one.run((fresh) => t.device.updateToken(fresh), fresh);
    await one.run(() => t.device.unregister());
    await one.until('unregistered');
    await one.close();
  },

  async 'a token that is wrong or over is refused with its code'() {
    const one = await device('wrong_token');
    const forged = await token('wrong_token', '&secret=other');
    await one.run((forged) => t.device.updateToken(forged), forged);
    await one.until('device-error:53000');
    const short = await token('wrong_token', '&ttl=1');
    await new Promise((done) => setTimeout(done, 1500));
    await one.run((short) => t.device.updateToken(short), short);
    await one.until('device-error:20104');
    await one.close();
  },

  async 'an outgoing call is answered, a tone is heard, both sides are recorded'() {
    const one = await device('caller', 900);
    await one.connect({ mode: 'tone', To: '+1 555 & more' });
    await one.until('accept');
    check('the tone is heard', near(await one.hear(3000), 700));
    const sid = await one.sid();
    await logged(new RegExp(`voice ${sid} ringing to=\\+1 555 & more`));
    await one.run(() => t.call.disconnect());
    await one.until('disconnect');
    await logged(new RegExp(`status ${sid} completed`));
    const found = await eventually(async () => JSON.parse(await get('/recordings')).find((one) => one.call === sid));
    check(`the voice left, the tone right: ${found.channels}`, `${found.channels}` === '900,700');
    await one.close();
  },

  async 'early media rings, the far end hangs up'() {
    const one = await device('early');
    await one.connect({ mode: 'early' });
    await one.until('ringing:true');
    check('ringback is heard', near(await one.hear(2500), 460));
    await fetch(`${origin}/hangup`, { method: 'POST' });
    await one.until('disconnect');
    await one.close();
  },

  async 'a refused call says why'() {
    const one = await device('refused', 900, {}, '&application=AP2');
    await one.connect({ mode: 'tone' });
    await one.until('error:31005');
    await one.close();
  },

  async 'a client hears its own voice echoed, and not while muted'() {
    const one = await device('echo', 1100);
    await one.connect({ mode: 'echo' });
    await one.until('accept');
    check('the echo is heard', near(await one.hear(5000), 1100));
    await one.run(() => t.call.mute(true));
    await new Promise((done) => setTimeout(done, 1200));
    const muted = await one.hear(1200);
    check(`muted is silent: ${JSON.stringify(muted)}`, muted.level < -70);
    await one.run(() => t.call.mute(false));
    await new Promise((done) => setTimeout(done, 600));
    check('unmuted is heard again', near(await one.hear(1500), 1100));
    await one.close();
  },

  async 'keys arrive once each and in order'() {
    const one = await device('keys');
    await one.connect({ mode: 'keys' });
    await one.until('accept');
    await new Promise((done) => setTimeout(done, 1000));
    await one.run(() => t.call.sendDigits('1123#*0'));
    await logged(new RegExp(`keys ${await one.sid()} .*digits=1123#\\*0$`));
    check('a tone is heard after the keys', near(await one.hear(3000), 700));
    await one.close();
  },

  async 'a message is acknowledged'() {
    const one = await device('message');
    await one.connect({ mode: 'tone' });
    await one.until('accept');
    await one.run(() => t.call.sendMessage({ content: { hello: 1 }, contentType: 'application/json', messageType: 'user-defined-message' }));
    await one.until('messageSent');
    await one.close();
  },

  async 'two devices talk, each hears the other'() {
    const [one, two] = await Promise.all([device('anna', 900), device('bert', 1100)]);
    await one.connect({ mode: 'client', To: 'bert' });
    await one.until('ringing:true');
    await two.until('incoming');
    check('custom parameters', (await two.run(() => t.call.customParameters.get('call_id'))) === 'one & two');
    check('From', (await two.run(() => t.call.parameters.From)) === '+15550100000');
    await two.run(() => t.call.accept());
    await Promise.all([one.until('accept'), two.until('accept')]);
    const [first, second] = await Promise.all([one.hear(2000), two.hear(2000)]);
    check(`anna hears bert: ${JSON.stringify(first)}`, near(first, 1100));
    check(`bert hears anna: ${JSON.stringify(second)}`, near(second, 900));
    await two.run(() => t.call.disconnect());
    await one.until('disconnect');
    await Promise.all([one.close(), two.close()]);
  },

  async 'two devices talk in a room'() {
    const [one, two] = await Promise.all([device('room_a', 900), device('room_b', 1100)]);
    await Promise.all([one.connect({ mode: 'room' }), two.connect({ mode: 'room' })]);
    await Promise.all([one.until('accept'), two.until('accept')]);
    const [first, second] = await Promise.all([one.hear(2500), two.hear(2500)]);
    check(`each hears the other: ${JSON.stringify([first, second])}`, near(first, 1100) && near(second, 900));
    await Promise.all([one.close(), two.close()]);
  },

  async 'a call is rejected, cancelled, refused when nobody is there'() {
    const [one, two] = await Promise.all([device('rejecter_a'), device('rejecter_b')]);
    await one.connect({ mode: 'client', To: 'rejecter_b' });
    await two.until('incoming');
    await two.run(() => t.call.reject());
    await one.until('disconnect');
    await one.connect({ mode: 'client', To: 'rejecter_b' });
    await two.until('incoming', 2);
    await one.run(() => t.call.disconnect());
    await two.until('cancel');
    await one.connect({ mode: 'client', To: 'nobody' });
    await one.until('disconnect', 3);
    await Promise.all([one.close(), two.close()]);
  },

  async 'all devices of an identity ring, the first takes the call'() {
    const [one, two, three] = await Promise.all([device('forker'), device('many', 1100), device('many', 440)]);
    await one.connect({ mode: 'client', To: 'many' });
    await Promise.all([two.until('incoming'), three.until('incoming')]);
    await three.run(() => t.call.accept());
    await two.until('cancel');
    await Promise.all([one.until('accept'), three.until('accept')]);
    check('the right one is heard', near(await one.hear(2000), 440));
    await Promise.all([one.close(), two.close(), three.close()]);
  },

  async 'a ringing call is handed to another device of the same person'() {
    const [one, two] = await Promise.all([device('giver', 900), device('taker', 440)]);
    const three = await device('taker_b', 1100);
    await one.connect({ mode: 'client', To: 'taker' });
    await two.until('incoming');
    const handed = await two.run(() => t.call.connectToken);
    const fresh = await token('taker');
    await three.run((fresh) => t.device.updateToken(fresh), fresh);
    await new Promise((done) => setTimeout(done, 300));
    await three.run(async (connectToken) => t.watch(await t.device.connect({ connectToken })), handed);
    await Promise.all([three.until('accept'), one.until('accept'), two.until('cancel')]);
    check('the taker is heard', near(await one.hear(2500), 1100));
    await Promise.all([one.close(), two.close(), three.close()]);
  },

  async 'a lost socket is taken up again while the sound goes on'() {
    const one = await device('dropper');
    await one.connect({ mode: 'tone' });
    await one.until('accept');
    await one.hear(500);
    await one.run(() => __sockets.at(-1).close());
    await one.until('reconnecting');
    await one.until('reconnected');
    check('the tone goes on', near(await one.hear(2500), 700));
    const sid = await one.sid();
    await new Promise((done) => setTimeout(done, 3500));
    check('no hang-up after the grace time', !(await log()).some((line) => line.startsWith(`status ${sid}`)));
    await one.run(() => t.call.disconnect());
    await logged(new RegExp(`status ${sid} completed`));
    await one.close();
  },

  async 'a page that vanishes ends its call after the grace time'() {
    const one = await device('vanisher');
    await one.connect({ mode: 'tone' });
    await one.until('accept');
    await one.hear(500);
    const sid = await one.sid();
    const cdp = await one.page.context().newCDPSession(one.page);
    cdp.send('Page.crash').catch(() => {});
    await logged(new RegExp(`status ${sid} completed`));
    await one.page.context().close();
  },

  async 'ice is restarted and the sound goes on'() {
    const one = await device('restarter');
    await one.connect({ mode: 'tone' });
    await one.until('accept');
    await one.hear(500);
    const ufrag = () => /ice-ufrag:(\S+)/.exec(t.call._mediaHandler.version.pc.remoteDescription.sdp)[1];
    const before = await one.run(ufrag);
    await one.run(() => t.call._mediaHandler.iceRestart());
    const end = Date.now() + 8000;
    while ((await one.run(ufrag)) === before && Date.now() < end) await new Promise((done) => setTimeout(done, 100));
    check('new ICE credentials', (await one.run(ufrag)) !== before);
    await new Promise((done) => setTimeout(done, 500));
    check('the tone goes on', near(await one.hear(2500), 700));
    await one.close();
  },
};

let failed = 0;
for (const [name, story] of Object.entries(stories)) {
  if (only && !name.includes(only)) continue;
  const start = Date.now();
  try {
    await Promise.race([story(), new Promise((_, late) => setTimeout(() => late(new Error('took over 60 s')), 60000).unref())]);
    console.log(`ok   ${name} (${Date.now() - start} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error.message}`);
  }
}
await browser.close();
child.kill('SIGTERM');
console.log(failed ? `${failed} failed` : 'all passed');
process.exit(failed ? 1 : 0);
