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
  let recording = desk.dataset.recording, stretch = Number(desk.dataset.parts), number = 0;
  let recorder = null, stream = null, meter = null, waiting = [], isSending = false, isOver = false, isLeaving = false, since = 0;
  let heard = Number(desk.dataset.milliseconds), told = heard;   // sound that came in before this page counts

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
    number = 0;
    const kind = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'].find(type => MediaRecorder.isTypeSupported(type));
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
    recorder.addEventListener('dataavailable', event => { if (event.data.size > 0) { waiting.push({ stretch, number: number++, sounds: sounded(), bytes: event.data }); send(); } });
    stream.getAudioTracks()[0].addEventListener('ended', () => { if (recorder?.state !== 'inactive') { pause(); say('The microphone is gone. What was said is kept; finish, or plug it in and open this page again.'); } });
    recorder.start(pieceMilliseconds);
    since = performance.now();
    listen();
    show('pause', 'finish');
    say('Recording.');
    part('pause').focus();
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
    recorder.requestData();
    recorder.pause();
    halt();
    show('resume', 'finish');
    say('Paused. Nothing is recorded.');
    part('resume').focus();
  }

  function resume() {
    recorder.resume();
    since = performance.now();
    show('pause', 'finish');
    say('Recording.');
    part('pause').focus();
  }

  function stop() {
    halt();
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
  document.addEventListener('visibilitychange', () => { if (document.hidden && recorder?.state === 'recording') recorder.requestData(); });
  addEventListener('beforeunload', event => { if (!isLeaving && !isOver && (recorder && recorder.state !== 'inactive' || waiting.length > 0)) event.preventDefault(); });
})();
