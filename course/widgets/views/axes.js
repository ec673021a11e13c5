// A pair of axes: margins, ticks, title, and where a number has its place.

import { FONT, write, widthOf, say } from "./paint.js";

const TOP = 36, BOTTOM = 58, GAP = 8;

/** About `most` round numbers between low and high. */
export function ticks(low, high, log, most) {
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
    const step = Math.max(1, Math.ceil((last - first + 1) / most));
    const found = [];
    for (let k = first; k <= last; k += step) found.push(10 ** k);
    return found;
  }
  const raw = (high - low) / most, size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((k) => k * size >= raw) * size;
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return found;
}

const SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const power = (value) => {
  const k = Math.round(Math.log10(value));
  if (k === 0) return "1";
  if (k === 1) return "10";
  return "10" + (k < 0 ? "⁻" : "") + String(Math.abs(k)).replace(/\d/g, (digit) => SMALL[digit]);
};

/** Draw the frame of a panel; give the functions from numbers to pixels, and back. */
export function axes(ctx, theme, panel, width, height, { right = 24, xTicks = null, legend = 0 } = {}) {
  const [xLow, xHigh] = panel.x_range, [yLow, yHigh] = panel.y_range;
  const yAt = ticks(yLow, yHigh, panel.log_y, 6);
  const yText = yAt.map((value) => (panel.log_y ? power(value) : say(value)));
  const left = Math.max(30, ...yText.map((text) => widthOf(ctx, theme, text))) + GAP + (panel.y_label ? FONT + 10 : 4);
  const box = { left, right: width - right, top: TOP + legend, bottom: height - BOTTOM };
  const place = (low, high, log, from, to) => {
    const f = log ? Math.log10 : (value) => value;
    const a = f(low), scale = (to - from) / (f(high) - a);
    return (value) => (value === null ? NaN : Math.min(1e5, Math.max(-1e5, from + (f(value) - a) * scale)));
  };
  const back = (low, high, log, from, to) => (pixel) => {
    const part = (pixel - from) / (to - from);
    return log ? low * (high / low) ** part : low + part * (high - low);
  };
  const x = place(xLow, xHigh, panel.log_x, box.left, box.right), y = place(yLow, yHigh, panel.log_y, box.bottom, box.top);
  const most = Math.max(3, Math.floor((box.right - box.left) / 75));
  const xAt = xTicks ?? ticks(xLow, xHigh, panel.log_x, most).map((value) => [value, panel.log_x ? power(value) : say(value)]);

  write(ctx, theme, panel.title, width / 2, 22, { align: "center", bold: true, size: FONT + 1 });
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.grid;
  ctx.beginPath();
  for (const value of yAt) { ctx.moveTo(box.left, y(value)); ctx.lineTo(box.right, y(value)); }
  if (!xTicks) for (const [value] of xAt) { ctx.moveTo(x(value), box.top); ctx.lineTo(x(value), box.bottom); }
  ctx.stroke();
  yAt.forEach((value, k) => write(ctx, theme, yText[k], box.left - GAP, y(value), { align: "right", base: "middle" }));
  for (const [value, text] of xAt) write(ctx, theme, text, x(value), box.bottom + 20, { align: "center" });
  if (panel.x_label) write(ctx, theme, panel.x_label, (box.left + box.right) / 2, height - 12, { align: "center" });
  if (panel.y_label) {
    ctx.save();
    ctx.translate(FONT, (box.top + box.bottom) / 2);
    ctx.rotate(-Math.PI / 2);
    write(ctx, theme, panel.y_label, 0, 0, { align: "center" });
    ctx.restore();
  }
  return {
    ...box, x, y,
    backX: back(xLow, xHigh, panel.log_x, box.left, box.right),
    backY: back(yLow, yHigh, panel.log_y, box.bottom, box.top),
  };
}

/** Keep what is drawn inside the axes. */
export function inside(ctx, place, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(place.left, place.top, place.right - place.left, place.bottom - place.top);
  ctx.clip();
  draw();
  ctx.restore();
}

export function border(ctx, theme, place) {
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.colours.grey;
  ctx.strokeRect(place.left, place.top, place.right - place.left, place.bottom - place.top);
}

const within = (pixel, low, high) => pixel >= low - 1 && pixel <= high + 1;

/** Draw the straight lines with a word on them, those that are inside the axes. */
export function marks(ctx, theme, place, all) {
  const lines = all.filter((mark) => (mark.axis === "x" ? within(place.x(mark.at), place.left, place.right) : within(place.y(mark.at), place.top, place.bottom)));
  ctx.setLineDash([8, 6]);
  ctx.lineWidth = 2.5;
  for (const mark of lines) {
    ctx.strokeStyle = theme.colours[mark.colour];
    ctx.beginPath();
    if (mark.axis === "x") { ctx.moveTo(place.x(mark.at), place.top); ctx.lineTo(place.x(mark.at), place.bottom); }
    else { ctx.moveTo(place.left, place.y(mark.at)); ctx.lineTo(place.right, place.y(mark.at)); }
    ctx.stroke();
  }
  ctx.setLineDash([]);
  for (const mark of lines) {
    const colour = theme.colours[mark.colour === "grey" ? "ink" : mark.colour];
    if (mark.axis === "y") { write(ctx, theme, mark.label, place.left + 6, place.y(mark.at) - 6, { colour, halo: true }); continue; }
    const x = place.x(mark.at), flip = x + 10 + widthOf(ctx, theme, mark.label) > place.right;
    write(ctx, theme, mark.label, x + (flip ? -6 : 6), place.top + 20, { colour, halo: true, align: flip ? "right" : "left" });
  }
}

/** Lay out a legend's rows: the height that they take, and a function that draws them. */
export function legendOf(ctx, theme, named, width, swatch) {
  const items = named.filter((each) => each.label);
  const rows = [[]];
  let used = 0;
  for (const item of items) {
    const wide = widthOf(ctx, theme, item.label) + 46;
    if (used + wide > width - 20 && rows.at(-1).length) { rows.push([]); used = 0; }
    rows.at(-1).push([item, wide]);
    used += wide;
  }
  const draw = () => rows.forEach((row, k) => {
    let x = (width - row.reduce((sum, [, wide]) => sum + wide, 0)) / 2;
    for (const [item, wide] of row) {
      const y = TOP + 24 * k + 8;
      swatch(item, x + 12, y);
      write(ctx, theme, item.label, x + 30, y, { base: "middle" });
      x += wide;
    }
  });
  return { height: items.length ? 24 * rows.length + 6 : 0, draw };
}
