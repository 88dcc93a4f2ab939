// The official Node package, unmodified: every resource of the REST face once.
import assert from 'node:assert/strict'
import twilioPackage from 'twilio'

const [sandbox, account, token, number] = process.argv.slice(2)
const [phone, colleague] = ['+14155550130', '+14155550131']

/** The only change: the sandbox's address stands before every host name. */
class Here extends twilioPackage.RequestClient {
  request(options) {
    return super.request({ ...options, uri: options.uri.replace('https://', `${sandbox}/`) })
  }
}
const client = (user = account, password = token, options = {}) =>
  twilioPackage(user, password, { accountSid: account, httpClient: new Here(), ...options })
const twilio = client()

const step = (name) => console.log(`- ${name}`)

async function refused(code, status, act) {
  await assert.rejects(act, (error) => {
    assert.deepEqual([error.code, error.status], [code, status])
    return true
  })
}

async function until(look, what) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const answer = await look()
    if (answer && answer.length !== 0) return answer
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`never happened: ${what}`)
}

async function control(method, path, body) {
  const answer = await fetch(`${sandbox}/sandbox/v1/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  })
  assert.ok(answer.ok, `${path}: ${answer.status}`)
  return answer.json().catch(() => null)
}

step('the account, numbers, stock and papers')
assert.equal((await twilio.api.accounts(account).fetch()).status, 'active')
const [own] = await twilio.incomingPhoneNumbers.list({ phoneNumber: number })
assert.equal((await twilio.incomingPhoneNumbers(own.sid).update({ voiceUrl: 'https://example.com/v' })).voiceUrl, 'https://example.com/v')
assert.equal((await twilio.availablePhoneNumbers.list()).length, 7)
const [london] = await twilio.availablePhoneNumbers('GB').local.list({ contains: '+4420%', limit: 1 })
assert.equal(london.locality, 'London')
await refused(21649, 400, () => twilio.incomingPhoneNumbers.create({ phoneNumber: london.phoneNumber }))
const address = await twilio.addresses.create({
  customerName: 'Harbor Bikes', street: '1 Wharf Road', city: 'London', region: 'London', postalCode: 'N1 7GR', isoCountry: 'GB',
})
const rules = twilio.numbers.v2.regulatoryCompliance
const bundle = await rules.bundles.create({ friendlyName: 'GB', email: 'a@example.com', isoCountry: 'GB', numberType: 'local', endUserType: 'business' })
const user = await rules.endUsers.create({ friendlyName: 'us', type: 'business', attributes: { business_name: 'Harbor Bikes' } })
await rules.bundles(bundle.sid).itemAssignments.create({ objectSid: user.sid })
assert.equal((await rules.bundles(bundle.sid).evaluations.create()).status, 'noncompliant')
await control('PUT', `bundles/${bundle.sid}`, { status: 'twilio-approved' })
const bought = await twilio.incomingPhoneNumbers.create({ phoneNumber: london.phoneNumber, bundleSid: bundle.sid, addressSid: address.sid })
assert.equal(bought.bundleSid, bundle.sid)
assert.equal((await twilio.routes.v2.phoneNumbers(bought.phoneNumber).update({ voiceRegion: 'au1' })).voiceRegion, 'au1')
assert.ok(await twilio.incomingPhoneNumbers(bought.sid).remove())

step('Apps, keys, accounts below, money')
const app = await twilio.applications.create({ friendlyName: 'app', voiceUrl: 'https://example.com/app' })
assert.equal((await twilio.applications.list({ friendlyName: 'app' }))[0].sid, app.sid)
assert.ok(await twilio.applications(app.sid).remove())
const key = await twilio.newKeys.create({ friendlyName: 'key' })
await refused(20003, 401, () => client(key.sid, key.secret).api.accounts(account).fetch())
assert.ok((await client(key.sid, key.secret).queues.list()).length >= 0)
const branch = await twilio.api.accounts.create({ friendlyName: 'branch' })
assert.equal(branch.ownerAccountSid, account)
assert.ok(Number((await twilio.balance.fetch()).balance) > 0)
assert.ok((await twilio.usage.records.list({ category: 'phonenumbers' })).length === 1)
assert.ok((await twilio.pricing.v1.phoneNumbers.countries('US').fetch()).phoneNumberPrices.length > 0)
assert.equal((await twilio.lookups.v2.phoneNumbers(number).fetch()).valid, true)
assert.ok((await twilio.voice.v1.dialingPermissions.countries.list()).length > 10)
assert.ok((await twilio.tokens.create()).iceServers.length > 0)
assert.ok((await twilio.conferences.list()).length === 0 && (await twilio.outgoingCallerIds.list()).length === 0)

step('a call, its recording in both formats, a room, a queue')
const speaks = { kind: 'answers', ring: 0.4, lines: [{ kind: 'bundled', value: 'persona-1' }], stays: null }
for (const who of [phone, colleague]) await control('PUT', `phones/${who}/behaviour`, speaks)
const stays = '<Response><Pause length="60"/></Response>'
const call = await twilio.calls.create({ to: phone, from: number, twiml: stays })
await until(async () => (await twilio.calls(call.sid).fetch()).status === 'in-progress', 'in progress')
const recording = await twilio.calls(call.sid).recordings.create({ recordingChannels: 'dual' })
const room = '<Response><Dial><Conference>room_1</Conference></Dial></Response>'
await twilio.calls(call.sid).update({ twiml: room })
const [conference] = await until(() => twilio.conferences.list({ friendlyName: 'room_1' }), 'the room')
const added = await twilio.conferences(conference.sid).participants.create({ from: number, to: colleague, label: 'colleague' })
await until(async () => (await twilio.conferences(conference.sid).fetch()).status === 'in-progress', 'both are in')
const people = twilio.conferences(conference.sid).participants
assert.equal((await people('colleague').update({ hold: true, holdUrl: 'http://127.0.0.1:9/hold' })).hold, true)
assert.equal((await people('colleague').update({ hold: false })).hold, false)
assert.equal((await people(call.sid).update({ muted: true })).muted, true)
const coach = await people('colleague').update({ coaching: true, callSidToCoach: call.sid })
assert.deepEqual([coach.coaching, coach.callSidToCoach], [true, call.sid])
assert.ok(await people(added.callSid).remove())
const queue = await twilio.queues.create({ friendlyName: 'line' })
await twilio.calls(call.sid).update({ twiml: '<Response><Enqueue>line</Enqueue></Response>' })
const [member] = await until(() => twilio.queues(queue.sid).members.list(), 'who waits')
assert.equal(member.callSid, call.sid)
await twilio.calls(call.sid).update({ status: 'completed' })
await until(async () => (await twilio.recordings(recording.sid).fetch()).status === 'completed', 'recorded')
const login = { Authorization: `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}` }
for (const [format, type] of [['wav', 'audio/x-wav'], ['mp3', 'audio/mpeg']]) {
  const file = await fetch(`${sandbox}/2010-04-01/Accounts/${account}/Recordings/${recording.sid}.${format}`, { headers: login })
  assert.deepEqual([file.status, file.headers.get('content-type')], [200, type])
  assert.ok((await file.arrayBuffer()).byteLength > 1000)
}
const pages = []
await twilio.calls.each({ pageSize: 1 }, (one) => pages.push(one.sid))
assert.equal(new Set(pages).size, (await twilio.calls.list()).length)

step('messages both ways, a file, a service')
const sent = await twilio.messages.create({ to: phone, from: number, body: 'Hello' })
assert.equal(sent.status, 'queued')
await until(async () => (await twilio.messages(sent.sid).fetch()).status === 'delivered', 'it arrives')
await control('POST', `phones/${phone}/text`, {
  to: number,
  body: 'Look',
  media: [{ content_type: 'image/png', base64: 'AQID' }],
})
const [came] = await twilio.messages.list({ from: phone })
assert.deepEqual([came.direction, came.numMedia, came.body], ['inbound', '1', 'Look'])
const [picture] = await twilio.messages(came.sid).media.list()
assert.equal(picture.contentType, 'image/png')
await refused(21211, 400, () => twilio.messages.create({ to: '555', from: number, body: 'x' }))
const service = await twilio.messaging.v1.services.create({ friendlyName: 'Shop' })
const [owned] = await twilio.incomingPhoneNumbers.list({ phoneNumber: number })
await twilio.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: owned.sid })
const chosen = await twilio.messages.create({ to: phone, messagingServiceSid: service.sid, body: 'Hi' })
assert.equal(chosen.status, 'accepted')
await until(async () => (await twilio.messages(chosen.sid).fetch()).from === number, 'a sender is chosen')
assert.ok(await twilio.messages(sent.sid).remove())
assert.ok(await twilio.messaging.v1.services(service.sid).remove())

step('what went wrong, and the tokens at last')
const failing = await twilio.calls.create({ to: phone, from: number, url: 'http://127.0.0.1:9/voice' })
const alerts = await until(async () => (await twilio.monitor.v1.alerts.list()).filter((one) => one.resourceSid === failing.sid), 'an alert')
assert.equal(alerts[0].errorCode, '11205')
assert.equal((await twilio.calls(failing.sid).events.list()).length, 1)
const second = (await twilio.accounts.v1.secondaryAuthToken().create()).secondaryAuthToken
assert.equal((await client(account, second).accounts.v1.authTokenPromotion().update()).authToken, second)
await refused(20003, 401, () => twilio.api.accounts(account).fetch())
