"use strict";
(() => {
  const wall = document.getElementById("wall");
  const address = new URL("wall/feed", location.href);
  address.search = location.search;
  const SILENT = 15000, DASH = "–", MINUS = "−";
  let told = null, ahead = 0, heard = Date.now(), cut = "connecting", over = false, parts = null;

  const make = (kind, name, ...inside) => {
    const one = document.createElement(kind);
    if (name) one.className = name;
    one.append(...inside.map(String));
    return one;
  };
  const put = (one, ...inside) => { one.append(...inside); return one; };
  const now = () => Date.now() + ahead;
  const pad = n => String(n).padStart(2, "0");
  const length = seconds => {
    const sign = seconds < 0 ? MINUS : "", s = Math.abs(seconds);
    if (s < 6000) return `${sign}${Math.floor(s / 60)}:${pad(s % 60)}`;
    if (s < 86400) return `${sign}${Math.floor(s / 3600)} h ${pad(Math.floor(s % 3600 / 60))}`;
    return `${sign}${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
  };
  const span = seconds => seconds === null ? DASH : length(Math.floor(seconds));
  const promise = s => s < 120 ? `${s} s` : s < 7200 && s % 3600 ? `${Math.floor(s / 60)} min`
    : s < 172800 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86400)} d`;
  const clock = (at, seconds) => {
    const how = { hour: "2-digit", minute: "2-digit", hour12: false };
    if (seconds) how.second = "2-digit";
    if (told && told.zone) how.timeZone = told.zone;
    return new Intl.DateTimeFormat("en-GB", how).format(at);
  };
  const STEPS = { louder: "rung again", next_rep: "given to the next rep", team_lead: "team lead told",
    manager: "manager told", owner: "owner told", partner: "given to a partner" };
  const CHAIN = { louder: "louder", next_rep: "next free rep", team_lead: "team lead", manager: "manager",
    owner: "owner", partner: "partner" };
  const STATES = { available: "free", on_call: "on call", wrap_up: "wrap-up", break: "break", away: "away" };
  const DEEDS = { inquiry: "wrote again", page_view: "looked at a page", download: "downloaded something",
    open: "opened our mail", click: "clicked in our mail", reply: "answered our mail", call_asked: "asked to be called" };
  const first = name => name.split(" ")[0];
  const short = name => { const w = name.split(" "); return w.length > 1 ? `${w[0]} ${w[w.length - 1][0]}.` : name; };
  const title = line => (line.who || "Somebody") + (line.company ? ` · ${line.company}` : "");
  const paused = line => line.paused_until && Date.parse(line.paused_until) > now();
  const left = line => {
    if (paused(line)) return "paused";
    const s = Math.ceil((Date.parse(line.deadline) - now()) / 1000);
    return length(line.late ? Math.min(s, 0) : s);
  };
  const late = line => line.late || (!paused(line) && Date.parse(line.deadline) <= now());
  const whose = line => line.owner_name ? short(line.owner_name)
    : line.offered ? `offered to ${line.offered}` : "in the pool";

  const tile = (head, number, under, kind = "", ink = "") => {
    const one = make("section", kind);
    one.append(make("h2", "", head), make("strong", ink, number), under instanceof Node ? under : make("p", "", under));
    return one;
  };
  const tiles = face => {
    const o = face.oldest, all = face.waiting.reduce((n, t) => n + t[1], 0);
    const ended = face.met.reduce((n, t) => n + t[2], 0), met = face.met.reduce((n, t) => n + t[1], 0);
    let under = "Nobody HOT waits";
    if (o) {
      const step = o.step && o.step !== "next_rep" ? [STEPS[o.step] || o.step] : [];
      const owner = o.owner_name ? `${o.late ? "now with" : "with"} ${first(o.owner_name)}` : whose(o);
      under = [o.who || "Somebody", owner, ...step].join(" · ");
    }
    const tiers = make("p");
    face.waiting.forEach(([tier, n], at) => {
      if (at) tiers.append(" · ");
      tiers.append(make("span", tier.toLowerCase(), `${n} ${tier.toLowerCase()}`));
    });
    const share = ended ? Math.round(100 * met / ended) : null;
    const ink = share === null ? "" : share >= 90 ? "good" : share >= 75 ? "warm" : "danger";
    const by = face.met.map(([tier, m, e]) => `${tier} ${e ? Math.round(100 * m / e) : DASH}`).join(" · ");
    const rate = face.contacted ? ` · ${Math.round(100 * face.booked / face.contacted)}%` : "";
    const oldest = tile("Oldest HOT lead waiting", o ? left(o) : DASH, under, o && late(o) ? "alarm" : "");
    parts.oldest = oldest;
    return [oldest, tile("Waiting", all, tiers),
      tile("Median TTFC today", span(face.median), `p90 ${span(face.p90)} · last week ${span(face.median_before)}`),
      tile("SLA met today", share === null ? DASH : `${share}%`, by, "", ink),
      tile("Booked today", face.known ? face.booked : DASH, `of ${face.contacted} contacted${rate}`)];
  };
  const panel = head => { const one = make("section"); one.append(make("h2", "", head)); return one; };
  const lines = face => {
    const one = panel("Next to breach");
    parts.lines = face.lines.slice(0, 5).map(line => {
      const count = make("span", "left", left(line));
      one.append(put(make("div", "row"), count, make("span", `chip ${line.tier}`, line.tier),
        make("span", "grow", title(line)), make("span", "soft", whose(line))));
      return [count, line];
    });
    one.append(chart(face));
    return one;
  };
  const reps = face => {
    const one = panel("Reps"), hot = face.promises.length ? face.promises[0][1] : 60;
    parts.reps = face.reps.slice(0, 10).map(rep => {
      const state = make("span", "grow soft");
      const ink = rep.ttfc === null ? "soft" : rep.ttfc <= hot ? "good" : "warm";
      one.append(put(make("div", "row"), make("span", `dot ${rep.status}`), make("span", "name", rep.name), state,
        make("span", "num soft", rep.calls), make("span", `num ${ink}`, span(rep.ttfc))));
      return [state, rep];
    });
    return one;
  };
  const words = n => {
    const who = n.who || "Somebody", place = n.company || who, to = n.to_name ? [`→ ${n.to_name}`] : [];
    const when = n.when ? [new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit",
      hour12: false, ...(told.zone ? { timeZone: told.zone } : {}) }).format(Date.parse(n.when))] : [];
    const rep = n.rep_name ? [first(n.rep_name)] : [];
    if (n.was === "breach") return ["Breach", "danger", who,
      [...to, ...n.steps.filter(s => s !== "next_rep").map(s => STEPS[s] || s)].join(" · ")];
    if (n.was === "new") return ["New HOT", "", who, [n.source,
      n.offered ? `offered to ${n.offered}` : n.to_name ? `to ${n.to_name}` : "in the pool"].filter(Boolean).join(", ")];
    if (n.was === "tier") return [`${n.tier_before} → ${n.tier}`, "", who, [DEEDS[n.deed], n.more].filter(Boolean).join(" · ")];
    if (n.was === "booked") return ["Booked", "good", place, [...rep, ...when].join(", ")];
    const money = n.amount === null ? "" : ` · ${(n.amount / 100).toLocaleString("en-GB")}`;
    return ["Won", "good", place + money, [...rep, ...(n.source ? [`from ${n.source}`] : [])].join(", ")];
  };
  const news = face => {
    const one = panel("Just now");
    for (const n of face.news.slice(0, 8)) {
      const [head, ink, who, more] = words(n), line = make("span");
      line.append(make("b", ink, head), ` · ${who}`);
      one.append(put(make("div", "item"), put(make("div"), line, make("span", "soft", clock(Date.parse(n.at), true))),
        make("p", "", more)));
    }
    return one;
  };
  const SVG = "http://www.w3.org/2000/svg";
  const draw = (kind, said, text) => {
    const one = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(said)) one.setAttribute(name, value);
    if (text !== undefined) one.textContent = text;
    return one;
  };
  const chart = face => {
    const box = make("div", "chart"), hours = face.hours, svg = draw("svg", { viewBox: "0 0 487 190" });
    const most = Math.max(1, ...hours.map(h => Math.max(h.leads, h.leads_before)));
    const slowest = Math.max(1, ...hours.flatMap(h => [h.ttfc || 0, h.ttfc_before || 0]));
    const wide = Math.min(60, 487 / Math.max(1, hours.length)), today = [], before = [];
    hours.forEach((h, n) => {
      const x = n * wide + wide * 0.13, w = wide * 0.74, come = Date.parse(h.since) <= now();
      const bar = (count, name) => svg.append(draw("rect", { x, y: 165 - 140 * count / most, width: w,
        height: 140 * count / most, rx: 3, class: name }));
      if (h.leads_before) bar(h.leads_before, "ghost");
      if (come && h.leads) { bar(h.leads, "bar"); svg.append(draw("text", { x: x + w / 2, y: 160 - 140 * h.leads / most }, h.leads)); }
      svg.append(draw("text", { x: x + w / 2, y: 183 }, pad(h.label)));
      if (come && h.ttfc !== null) today.push(`${x + w / 2},${165 - 128 * h.ttfc / slowest}`);
      if (h.ttfc_before !== null) before.push(`${x + w / 2},${165 - 128 * h.ttfc_before / slowest}`);
    });
    svg.append(draw("polyline", { points: before.join(" "), class: "before" }), draw("polyline", { points: today.join(" ") }));
    box.append(make("h2", "", "Leads and TTFC by hour"), svg);
    return box;
  };
  const build = () => {
    const face = told, head = make("header"), foot = make("footer");
    parts = { time: make("time"), live: make("span") };
    head.append(make("b", "", face.floor || "The floor"),
      make("span", "", `${face.on} of ${face.of} reps on · ${face.free} free now`), parts.time);
    const chain = face.chain.filter(s => s[1] >= 0).map(([s, after]) => (CHAIN[s] || s) + (after ? ` ${promise(after)}` : ""));
    foot.append(make("span", "", face.promises.map(([tier, s]) => `${tier} ${promise(s)}`).join(" · ")),
      make("span", "", chain.length ? ["Breach", ...chain].join(" → ") : ""), parts.live);
    const top = make("div", "tiles"), below = make("div", "panels");
    top.append(...tiles(face));
    below.append(lines(face), reps(face), news(face));
    wall.replaceChildren(head, top, below, foot);
    tick();
  };
  const say = (one, text) => { if (one.textContent !== text) one.textContent = text; };
  const tick = () => {
    if (!over && Date.now() - heard > SILENT) cut = "the server is not heard of: this is how it stood";
    if (!parts) return;
    say(parts.time, clock(now(), true));
    if (told.oldest) {
      say(parts.oldest.querySelector("strong"), left(told.oldest));
      parts.oldest.className = late(told.oldest) ? "alarm" : "";
    }
    for (const [one, line] of parts.lines) { say(one, left(line)); one.classList.toggle("danger", late(line)); }
    for (const [one, rep] of parts.reps) say(one,
      `${STATES[rep.status]} ${length(Math.max(0, Math.floor((now() - Date.parse(rep.since)) / 1000)))}`);
    say(parts.live, cut || "live");
    parts.live.className = cut ? "cut" : "";
    wall.classList.toggle("cut", Boolean(cut));
  };
  const hear = said => { heard = Date.now(); ahead = Date.parse(said.now) - heard; cut = said.away || ""; };
  const end = message => { over = true; cut = message; tick(); };
  const follow = () => {
    const feed = new EventSource(address);
    feed.addEventListener("face", event => { const said = JSON.parse(event.data); hear(said); told = said.face; build(); });
    feed.addEventListener("beat", event => { hear(JSON.parse(event.data)); tick(); });
    feed.addEventListener("over", event => { feed.close(); end(JSON.parse(event.data).message); });
    feed.onerror = () => {
      if (over) return;
      cut = "the line is cut: this is how it stood";
      tick();
      if (feed.readyState !== EventSource.CLOSED) return;
      fetch(address, { method: "HEAD" }).then(answer => answer.status).catch(() => 0).then(status => {
        if (status === 403) end("This link is not good any more. Ask for a new one.");
        else setTimeout(follow, 10000);
      });
    };
  };
  follow();
  setInterval(tick, 1000);
})();
