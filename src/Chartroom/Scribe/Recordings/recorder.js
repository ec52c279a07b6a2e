// Records a visit: the microphone's sound goes out piece by piece while it is recorded. What could not be sent yet waits in memory, never in the browser's storage, and closing the page then asks first.
(() => {
  'use strict';
  const desk = document.getElementById('recorder');
  if (!desk) return;
  const part = name => desk.querySelector(`[data-${name}]`);
  const say = words => { part('state').textContent = words; };
  const show = (...names) => { for (const name of ['begin', 'pause', 'resume', 'finish']) part(name).hidden = !names.includes(name); };
  const headers = document.body.dataset.person ? { 'Chartroom-Person': document.body.dataset.person } : {};
  const pieceMilliseconds = 3000, retryMilliseconds = 3000;
  let recording = desk.dataset.recording, stretch = Number(desk.dataset.parts);
  let recorder = null, stream = null, meter = null, waiting = [], isSending = false, isOver = false, isLeaving = false, since = 0;
  let heard = Number(desk.dataset.milliseconds), told = heard;   // sound that came in before this page counts
  let lock = null, isStopping = false, mutedAt = 0, pieceAt = 0;   // points of the device's clock; 0: none
  const lateMilliseconds = 12000;   // a piece this late: the page was asleep

  const post = (path, body) => fetch('/api/v1' + path, { method: 'POST', body, headers });

  async function begin() {
    show();
    say('Waiting for the microphone…');
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    } catch {
      show('begin');
      return say('There is no microphone, or it may not be used. Allow it for this page in the browser, then begin again.');
    }
    if (!recording && !await open()) { close(); return show('begin'); }
    stretch++;
    const kind = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'].find(type => MediaRecorder.isTypeSupported(type));
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
    const mine = recorder, at = stretch;
    let number = 0;
    recorder.addEventListener('dataavailable', event => {
      looked();
      if (event.data.size > 0) { waiting.push({ stretch: at, number: number++, sounds: sounded(), bytes: event.data }); send(); }
    });
    recorder.addEventListener('stop', () => { if (recorder === mine) interrupted(); });
    watch(stream.getAudioTracks()[0]);
    isStopping = false;
    recorder.start(pieceMilliseconds);
    since = performance.now();
    pieceAt = Date.now();
    listen();
    stayAwake();
    show('pause', 'finish');
    say('Recording.');
    part('pause').focus();
  }

  // A call, another program or a locked screen takes the microphone away; some browsers say so (mute), others end it.
  function watch(track) {
    track.addEventListener('mute', () => { if (track === stream?.getAudioTracks()[0] && recorder?.state === 'recording') muted(); });
    track.addEventListener('unmute', heardAgain);
    track.addEventListener('ended', () => { if (track === stream?.getAudioTracks()[0]) interrupted(); });
  }

  function muted() {
    mutedAt = Date.now();
    say('Interrupted: the microphone was taken away, and nothing is heard now.');
  }

  function heardAgain() {
    if (!mutedAt) return;
    missing(mutedAt, Date.now(), 'what was said then is not in the recording');
    mutedAt = 0;
    pieceAt = Date.now();
    if (recorder?.state === 'recording') say('Recording.');
  }

  // Pieces come every three seconds; one that comes much later was not asked for in time, because the device slept.
  function looked() {
    const now = Date.now();
    if (pieceAt && !mutedAt && recorder?.state === 'recording' && now - pieceAt > lateMilliseconds) missing(pieceAt, now, 'the page was asleep, and what was said then may be missing');
    pieceAt = now;
  }

  function missing(from, until, what) {
    const time = at => new Date(at).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', second: '2-digit' });
    const line = document.createElement('li');
    line.textContent = `${time(from)} to ${time(until)}: ${what}.`;
    part('breaks').append(line);
    part('interrupted').hidden = false;
  }

  // It ended without anybody's asking: what came in is kept, and one goes on in a new part.
  function interrupted() {
    if (isStopping || isOver || !recorder) return;
    heardAgain();
    stop();
    missing(pieceAt || Date.now(), Date.now(), 'the recording stopped here by itself');
    part('begin-words').textContent = 'Go on';
    show('begin', 'finish');
    say('Interrupted. Nothing is recorded now. What was said before is kept: go on, or finish.');
    part('begin').focus();
  }

  // A screen that locks stops the recording on most telephones. The browser lets go of its promise whenever the page is hidden, so it is asked again.
  async function stayAwake() {
    if (!navigator.wakeLock) return awake('This browser cannot keep the screen on, and a screen that locks may stop the recording. Set the device not to lock meanwhile.');
    if (lock || document.hidden) return;
    try {
      const held = await navigator.wakeLock.request('screen');
      if (recorder?.state !== 'recording') return held.release();   // paused or finished meanwhile
      lock = held;
      held.addEventListener('release', () => {
        if (lock !== held) return;
        lock = null;
        if (recorder?.state === 'recording' && !document.hidden) awake('The device no longer keeps the screen on. Touch it now and then, so that it does not lock.');
      });
      awake('The screen stays on while this records.');
    } catch {
      awake('The device does not keep the screen on (its battery may be low), and a screen that locks may stop the recording. Touch it now and then.');
    }
  }

  function awake(words) {
    part('awake').textContent = words;
    part('awake').hidden = !words;
  }

  function maySleep() {
    const held = lock;
    lock = null;
    held?.release();
    awake('');
  }

  async function open() {
    try {
      const answer = await post(`/visits/${desk.dataset.visit}/recordings/begin`);
      const told = await answer.json();
      if (!answer.ok) { say(told.title); return false; }
      recording = told.recordingId;
      return true;
    } catch {
      say('No answer from the server. Begin again in a moment.');
      return false;
    }
  }

  async function send() {
    if (isSending) return;
    isSending = true;
    while (waiting.length > 0 && !isOver) {
      const piece = waiting[0];
      const answer = await post(`/recordings/${recording}/parts/${piece.stretch}/pieces/${piece.number}?milliseconds=${piece.sounds}`, piece.bytes).catch(() => null);
      if (answer?.ok) {
        waiting.shift();
        if (waiting.length === 0) desk.dispatchEvent(new Event('sent'));
      } else if (answer && [404, 409, 413, 422].includes(answer.status)) over((await answer.json().catch(() => ({}))).title);
      else {
        say(answer?.status === 401 ? 'You were signed out. Sign in in another window: what was recorded waits here.' : 'No connection: what was recorded waits here and is sent when there is one. Leave this page open.');
        await new Promise(done => setTimeout(done, retryMilliseconds));
        if (!isOver && recorder?.state === 'recording') say('Recording. Some of it waits to be sent.');
      }
    }
    isSending = false;
  }

  function over(why) {
    isOver = true;
    waiting = [];
    stop();
    show();
    say(why ?? 'This recording takes no more sound.');
  }

  const clock = () => heard + (since > 0 ? performance.now() - since : 0);

  // How long the piece at hand sounds: what the clock went on since the one before.
  function sounded() {
    const more = Math.max(0, Math.round(clock() - told));
    told += more;
    return more;
  }

  function halt() {
    heard = clock();
    since = 0;
  }

  function pause() {
    if (recorder?.state !== 'recording') return;
    heardAgain();
    recorder.requestData();
    recorder.pause();
    halt();
    maySleep();
    show('resume', 'finish');
    say('Paused. Nothing is recorded.');
    part('resume').focus();
  }

  function resume() {
    recorder.resume();
    since = performance.now();
    pieceAt = Date.now();
    stayAwake();
    show('pause', 'finish');
    say('Recording.');
    if (stream.getAudioTracks()[0].muted) muted();
    part('pause').focus();
  }

  function stop() {
    isStopping = true;
    halt();
    maySleep();
    if (recorder && recorder.state !== 'inactive') recorder.stop();
    close();
  }

  function close() {
    stream?.getTracks().forEach(track => track.stop());
    meter?.close();
    meter = stream = null;
  }

  async function finish() {
    show();
    say('Sending the rest…');
    if (recorder && recorder.state !== 'inactive') {
      const ended = new Promise(done => recorder.addEventListener('stop', done, { once: true }));
      stop();
      await ended;
    }
    if (waiting.length > 0) await new Promise(done => desk.addEventListener('sent', done, { once: true }));
    const answer = await post(`/recordings/${recording}/end`).catch(() => null);
    if (!answer?.ok) {
      show('finish');
      return say(answer ? (await answer.json().catch(() => ({}))).title ?? 'It could not be finished.' : 'No answer from the server. Finish again in a moment.');
    }
    isLeaving = true;
    location.assign(`/visits/${desk.dataset.visit}/review`);
  }

  // Loudness of what the microphone hears now, and how long it has recorded.
  function listen() {
    meter = new AudioContext();
    const analyser = new AnalyserNode(meter, { fftSize: 1024 });
    meter.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const look = () => {
      if (!meter) return;
      const isOn = recorder.state === 'recording';
      analyser.getFloatTimeDomainData(samples);
      const level = 20 * Math.log10(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length) || 1e-5);
      part('level').value = isOn ? Math.min(1, Math.max(0, (level + 60) / 60)) : 0;
      const seconds = Math.floor(clock() / 1000);
      part('time').textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      if (seconds >= Number(desk.dataset.mostSeconds)) { finish(); return; }
      setTimeout(look, 100);
    };
    look();
  }

  part('begin').addEventListener('click', begin);
  part('pause').addEventListener('click', pause);
  part('resume').addEventListener('click', resume);
  part('finish').addEventListener('click', finish);
  document.addEventListener('visibilitychange', () => {
    if (recorder?.state !== 'recording') return;
    if (document.hidden) recorder.requestData();
    else stayAwake();
  });
  addEventListener('beforeunload', event => { if (!isLeaving && !isOver && (recorder && recorder.state !== 'inactive' || waiting.length > 0)) event.preventDefault(); });
})();
