// Both plots, drawn with uPlot on one axis of minutes since the dose began. Colors are the page's tokens.

const AXIS_PX = 46;
const HEIGHTS = { signs: 184, oxygen: 48, curve: 124 };
const BEFORE_MIN = 10;
const AFTER_MIN = 90;
const drawn = {};

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function font() {
  return `13px ${getComputedStyle(document.body).fontFamily}`;
}

function range(plot) {
  const times = [...plot.t, ...(plot.predicted?.t_min ?? []), plot.now];
  return [Math.min(-BEFORE_MIN, ...times), Math.max(AFTER_MIN, ...times)];
}

function axes(splits, isLast) {
  const muted = token("muted");
  const grid = { stroke: token("line"), width: 1 };
  const x = { stroke: muted, font: font(), grid, ticks: { show: false }, size: isLast ? 26 : 4 };
  if (!isLast) x.values = () => [];
  const y = { stroke: muted, font: font(), grid: { show: false }, ticks: { show: false }, size: AXIS_PX, splits: () => splits };
  return [x, y];
}

// A line across at a limit of the clinic, with its word; and a line down at the present minute.
function marks(limits, nowOf) {
  return {
    hooks: {
      draw: [(u) => {
        const { ctx, bbox } = u;
        const ratio = devicePixelRatio || 1;
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        ctx.strokeStyle = token("muted");
        ctx.fillStyle = token("muted");
        ctx.font = `${13 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
        ctx.textAlign = "right";
        ctx.textBaseline = "bottom";
        ctx.lineWidth = ratio;
        for (const [word, value] of limits) {
          const y = u.valToPos(value, "y", true);
          ctx.setLineDash([6 * ratio, 4 * ratio]);
          line(ctx, bbox.left, y, bbox.left + bbox.width, y);
          ctx.fillText(`${word} ${value}`, bbox.left + bbox.width - 4 * ratio, y - 2 * ratio);
        }
        ctx.strokeStyle = token("ink");
        ctx.setLineDash([2 * ratio, 4 * ratio]);
        const x = u.valToPos(nowOf(), "x", true);
        line(ctx, x, bbox.top, x, bbox.top + bbox.height);
        ctx.restore();
      }],
    },
  };
}

function line(ctx, fromX, fromY, toX, toY) {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

// Pressure as a bar from diastolic to systolic, with a tick at both ends.
function pressureBars() {
  return {
    hooks: {
      draw: [(u) => {
        const ratio = devicePixelRatio || 1;
        const { ctx } = u;
        ctx.save();
        ctx.strokeStyle = token("s-bp");
        ctx.lineWidth = 3 * ratio;
        u.data[0].forEach((minute, place) => {
          const [high, low] = [u.data[1][place], u.data[2][place]];
          const x = u.valToPos(minute, "x", true);
          for (const value of [high, low]) {
            if (value == null) continue;
            const y = u.valToPos(value, "y", true);
            line(ctx, x - 6 * ratio, y, x + 6 * ratio, y);
          }
          if (high != null && low != null) {
            line(ctx, x, u.valToPos(high, "y", true), x, u.valToPos(low, "y", true));
          }
        });
        ctx.restore();
      }],
    },
  };
}

function hatch(fromOf) {
  return {
    hooks: {
      drawClear: [(u) => {
        const from = fromOf();
        if (from == null) return;
        const ratio = devicePixelRatio || 1;
        const { ctx, bbox } = u;
        ctx.save();
        ctx.strokeStyle = token("line");
        ctx.lineWidth = ratio;
        ctx.setLineDash([ratio, 3 * ratio]);
        const right = bbox.left + bbox.width;
        for (let x = u.valToPos(from, "x", true); x < right; x += 18 * ratio) {
          line(ctx, x, bbox.top, x, bbox.top + bbox.height);
        }
        ctx.restore();
      }],
    },
  };
}

function put(place, name, options, data) {
  const width = place.clientWidth;
  if (!width) return;
  const kept = drawn[name];
  if (kept) {
    kept.setScale("x", { min: options.scales.x.range[0], max: options.scales.x.range[1] });
    kept.setData(data, false);
    if (options.scales.y) kept.setScale("y", { min: options.scales.y.range[0], max: options.scales.y.range[1] });
    kept.setSize({ width, height: HEIGHTS[name] });
    kept.redraw();
    return;
  }
  drawn[name] = new uPlot({
    width, height: HEIGHTS[name], padding: [6, 8, 0, 0], legend: { show: false }, cursor: { show: false }, ...options,
  }, data, place);
}

let shown;

function scales([low, high], [bottom, top]) {
  return { x: { time: false, auto: false, range: [low, high] }, y: { auto: false, range: [bottom, top] } };
}

function drawSigns(place, plot) {
  const values = [...plot.systolic, ...plot.diastolic, ...plot.pulse].filter((value) => value != null);
  const limits = [["systolic", plot.words.systolic], ["diastolic", plot.words.diastolic]]
    .filter(([name]) => name in plot.limits).map(([name, word]) => [word, plot.limits[name]]);
  put(place, "signs", {
    scales: scales(range(plot), [Math.min(40, ...values), Math.max(195, ...values)]),
    axes: axes([60, 100, 140, 180], false),
    plugins: [marks(limits, () => shown.now), pressureBars()],
    series: [{}, { show: true, paths: () => null, points: { show: false } }, { paths: () => null, points: { show: false } },
      { stroke: token("s-hr"), width: 2.4, spanGaps: true, points: { show: true, size: 8, fill: token("s-hr"), stroke: token("s-hr") } }],
  }, [plot.t, plot.systolic, plot.diastolic, plot.pulse]);
}

function drawOxygen(place, plot) {
  const values = plot.oxygen.filter((value) => value != null);
  const limits = "oxygen" in plot.limits ? [[plot.words.oxygen, plot.limits.oxygen]] : [];
  put(place, "oxygen", {
    scales: scales(range(plot), [Math.min(88, ...values), 101]),
    axes: axes([90, 100], false),
    plugins: [marks(limits, () => shown.now)],
    series: [{}, { stroke: token("s-spo2"), width: 2.4, spanGaps: true, points: { show: true, size: 8, fill: token("s-spo2"), stroke: token("s-spo2") } }],
  }, [plot.t, plot.oxygen]);
}

function drawCurve(place, plot) {
  const found = plot.predicted;
  if (!found?.t_min.length) {
    place.replaceChildren(Object.assign(document.createElement("p"), { className: "muted s", textContent: found?.reason_not ?? "" }));
    delete drawn.curve;
    return;
  }
  const until = plot.until ?? plot.planned_end ?? plot.now;
  const given = found.line_ng_per_ml.map((value, n) => (found.t_min[n] <= until + .01 ? value : null));
  const ahead = found.line_ng_per_ml.map((value, n) => (found.t_min[n] >= until - .01 ? value : null));
  const top = 1.1 * Math.max(...found.high_ng_per_ml);
  const color = token("s-conc");
  const step = [50, 100, 200, 500, 1000].find((each) => top / each <= 4) ?? 2000;
  const quiet = { stroke: "transparent", width: 0, points: { show: false } };
  put(place, "curve", {
    scales: scales(range(plot), [0, top]),
    axes: axes(Array.from({ length: Math.floor(top / step) + 1 }, (_, n) => n * step), true),
    plugins: [hatch(() => shown.until ?? shown.planned_end), marks([], () => shown.now)],
    bands: [{ series: [1, 2], fill: `color-mix(in srgb, ${color} 26%, transparent)` }],
    series: [{}, quiet, quiet,
      { stroke: color, width: 2.2, points: { show: false } },
      { stroke: color, width: 2.2, dash: [5, 4], points: { show: false } }],
  }, [found.t_min, found.high_ng_per_ml, found.low_ng_per_ml, given, ahead]);
}

// Puts the live plots in the place of the drawings that came with the page.
export function drawPlots(plot, nowMs) {
  const [signs, curve] = ["signs", "curve"].map((name) => document.querySelector(`[data-plot="${name}"]`));
  if (!window.uPlot || !signs || !plot.start) return;
  shown = { ...plot, now: (nowMs - Date.parse(plot.start)) / 60_000 };
  if (!signs.querySelector(".live-plot")) {
    signs.replaceChildren(...["signs", "oxygen"].map((name) => {
      const place = document.createElement("div");
      place.className = `live-plot is-${name}`;
      return place;
    }));
    if (plot.predicted?.t_min.length) curve.replaceChildren();
    describe(signs, curve, plot);
  }
  if (plot.t.length) {
    drawSigns(signs.querySelector(".is-signs"), shown);
    drawOxygen(signs.querySelector(".is-oxygen"), shown);
  }
  drawCurve(curve, shown);
  describe(signs, curve, plot);
}

// A canvas says nothing to who cannot see it: the words that stood in the drawings do.
function describe(signs, curve, plot) {
  for (const [place, words] of [[signs, plot.described.signs], [curve, plot.described.curve]]) {
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", words);
  }
}

export function moveNow(nowMs) {
  if (!shown) return;
  shown.now = (nowMs - Date.parse(shown.start)) / 60_000;
  for (const each of Object.values(drawn)) each.redraw(false);
}

addEventListener("resize", () => { if (shown) drawPlots(shown, Date.parse(shown.start) + shown.now * 60_000); });
