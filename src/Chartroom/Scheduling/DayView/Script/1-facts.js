// The calendar's facts, as the page brought them, and how places on its axis read on the clock. The other calendar scripts meet in window.chartroomDay.
(() => {
  'use strict';
  const source = document.getElementById('calendar-facts');
  if (!source) return;
  const facts = JSON.parse(source.textContent);
  const visits = new Map(facts.visits.map(visit => [visit.id, visit]));
  const loadedAt = performance.now();
  let [nowDay, nowAt] = facts.now;
  let toldAt = loadedAt;

  const two = number => String(number).padStart(2, '0');
  const addDays = (date, days) => new Date(Date.parse(date + 'T00:00:00Z') + days * 86400000).toISOString().slice(0, 10);

  // A place on the axis as an event-calendar date: it takes text without a zone as it stands.
  function stamp(day, minute) {
    const at = new Date(Date.parse(addDays(facts.date, day) + 'T00:00:00Z') + minute * 60000);
    return at.toISOString().slice(0, 19);
  }

  function place(text) {
    const minutes = (Date.parse(text.slice(0, 19) + 'Z') - Date.parse(facts.date + 'T00:00:00Z')) / 60000;
    if (facts.days === 1) return { day: 0, at: minutes };
    return { day: Math.floor(minutes / 1440), at: ((minutes % 1440) + 1440) % 1440 };
  }

  // What the clocks show at a minute of the axis; and, in the night they go back, which of the two it is.
  function wall(minute) {
    const stretch = facts.stretches.findLast(it => it.from <= minute) ?? facts.stretches[0];
    return stretch.wall + minute - stretch.from;
  }

  function which(minute) {
    if (facts.stretches.length < 2) return null;
    const shown = wall(minute);
    const others = facts.stretches.flatMap((it, at) => {
      const end = facts.stretches[at + 1]?.from ?? facts.minutes;
      const there = it.from + shown - it.wall;
      return there >= it.from && there < end ? [there] : [];
    });
    return others.length < 2 ? null : minute === Math.min(...others) ? 'earlier' : 'later';
  }

  const clock = minute => { const shown = ((wall(minute) % 1440) + 1440) % 1440; return `${two(Math.floor(shown / 60))}:${two(shown % 60)}`; };
  const spoken = minute => { const [hour, rest] = clock(minute).split(':').map(Number); return `${hour % 12 || 12}:${two(rest)} ${hour < 12 ? 'AM' : 'PM'}`; };
  const hour = minute => { const [at] = clock(minute).split(':').map(Number); return `${at % 12 || 12} ${at < 12 ? 'AM' : 'PM'}`; };

  function now() {
    const passed = Math.floor((performance.now() - toldAt) / 60000);
    return { day: nowDay, at: nowAt + passed };
  }

  function tellNow([day, at]) { [nowDay, nowAt, toldAt] = [day, at, performance.now()]; }

  const isBefore = (day, at) => day < now().day || (day === now().day && at <= now().at);

  window.chartroomDay = {
    facts, visits, addDays, stamp, place, wall, which, clock, spoken, hour, now, tellNow,
    isPast: visit => isBefore(visit.day, visit.at + visit.minutes),
    hasBegun: visit => isBefore(visit.day, visit.at),
    isLate: visit => visit.status !== 'requested' && facts.steps[visit.status].isAwaited && isBefore(visit.day, visit.at + 5),
    isShown: visit => facts.look.showsClosed || !['cancelled', 'no_show', 'left_without_being_seen'].includes(visit.status),
    step: visit => facts.steps[visit.status],
    // What the menu and the keys offer: the state machine's answer, and the two rules that go by the clock.
    nextOf(visit) {
      return facts.steps[visit.status].next.filter(to => (to !== 'arrived' || visit.day <= now().day) && (to !== 'no_show' || isBefore(visit.day, visit.at)));
    },
    colour(visit) {
      if (facts.look.colour === 'type') return facts.types[visit.type]?.color ?? 'teal';
      if (facts.look.colour === 'provider') return palette[Math.max(0, facts.providers.findIndex(it => it.id === visit.provider)) % palette.length];
      return ofStatus[visit.status];
    },
    colours: { palette: () => palette, ofStatus: () => ofStatus },
  };

  const palette = ['blue', 'orange', 'teal', 'purple', 'green', 'pink', 'cyan', 'yellow', 'indigo', 'red', 'lime', 'azure'];
  const ofStatus = {
    requested: 'yellow', held: 'gray', booked: 'blue', confirmed: 'teal', arrived: 'orange', roomed: 'pink', in_progress: 'purple', ready_for_checkout: 'green',
    completed: 'gray', cancelled: 'red', no_show: 'red', left_without_being_seen: 'red',
  };
})();
