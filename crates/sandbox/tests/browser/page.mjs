// What runs in the page before the Voice SDK: the plain-WebSocket way in, a microphone of one pitch, an ear for pitches.

/** Must stand in the page before the SDK is evaluated: `wss://localhost` becomes `ws://localhost`. */
export function plainWebSocket() {
  const Native = window.WebSocket;
  window.__sockets = [];
  window.WebSocket = class extends Native {
    constructor(url, protocols) {
      super(String(url).replace(/^wss:\/\/localhost/, 'ws://localhost'), protocols);
      window.__sockets.push(this);
    }
  };
}

/** The microphone gives one pitch, a quarter of a second on and off. */
export function pitchedMicrophone(hertz) {
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    await context.resume();
    const oscillator = new OscillatorNode(context, { frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    const start = context.currentTime + 0.05;
    for (let n = 0; n < 2400; n += 1) {
      gain.gain.setValueAtTime(0.5, start + n * 0.5);
      gain.gain.setValueAtTime(0, start + n * 0.5 + 0.25);
    }
    const out = context.createMediaStreamDestination();
    oscillator.connect(gain).connect(out);
    oscillator.start();
    return out.stream;
  };
}

/** The tester's tools in the page, under `window.t`. */
export function tools() {
  const silence = 'data:audio/wav;base64,UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQgAAAAAAAAAAAAAAA==';
  const t = { events: [], calls: [] };
  window.t = t;
  t.note = (name) => t.events.push(name);
  t.watch = (call) => {
    t.call = call;
    t.calls.push(call);
    for (const name of ['accept', 'ringing', 'cancel', 'reject', 'disconnect', 'reconnecting', 'reconnected', 'messageSent']) {
      call.on(name, (arg) => t.note(name === 'ringing' ? `ringing:${arg}` : name));
    }
    call.on('error', (error) => t.note(`error:${error.code}`));
    return call;
  };
  t.start = async (host, token, options = {}) => {
    t.device = new Twilio.Device(token, {
      chunderw: host,
      publishEvents: false,
      sounds: { incoming: silence, outgoing: silence, disconnect: silence },
      logLevel: 'error',
      ...options,
    });
    for (const name of ['registered', 'unregistered', 'tokenWillExpire']) {
      t.device.on(name, () => t.note(name));
    }
    t.device.on('error', (error) => t.note(`device-error:${error.code}`));
    t.device.on('incoming', (call) => {
      t.watch(call);
      t.note('incoming');
    });
    await t.device.register();
  };
  t.connect = async (params) => {
    t.watch(await t.device.connect({ params }));
  };
  /** The loudest pitch of what is heard within the time, and how loud it was (dB). */
  t.hear = async (milliseconds) => {
    const context = new AudioContext();
    await context.resume();
    const source = context.createMediaStreamSource(t.call.getRemoteStream());
    const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 });
    source.connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    let best = { hertz: 0, level: -Infinity };
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      await new Promise((done) => setTimeout(done, 30));
      analyser.getFloatFrequencyData(bins);
      for (let n = 8; n < bins.length; n += 1) {
        if (bins[n] > best.level) best = { hertz: (n * context.sampleRate) / analyser.fftSize, level: bins[n] };
      }
    }
    await context.close();
    return best;
  };
  t.until = async (name, times = 1, milliseconds = 10000) => {
    const end = performance.now() + milliseconds;
    while (t.events.filter((event) => event === name).length < times) {
      if (performance.now() > end) throw new Error(`no ${name} (${times}) among ${t.events.join(', ')}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  };
}
