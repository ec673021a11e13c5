// What every view paints with: the page's theme, colours, dashes, markers and words.

export const FONT = 17; // px: what the last row of a lecture hall can read
export const LINE = 3; // px
export const KNOB = 13; // px, a handle's radius

/** The colours of the page as it is now: dark or light. */
export function themeOf(element, stage) {
  const body = document.body;
  const told = body.dataset.jpThemeLight;
  const dark = told ? told === "false"
    : body.classList.contains("vscode-dark") || (!body.classList.contains("vscode-light") && matchMedia("(prefers-color-scheme: dark)").matches);
  const style = getComputedStyle(element);
  const k = dark ? 1 : 0;
  const colours = Object.fromEntries(Object.entries(stage.colours).map(([name, pair]) => [name, pair[k]]));
  return {
    dark, colours,
    font: style.fontFamily || "sans-serif",
    paper: dark ? "#111111" : "#FFFFFF",
    grid: dark ? "#3A3A3A" : "#DDDDDD",
    dashes: stage.dashes,
    map: (name) => stage.maps[name][dark ? "dark" : "light"],
  };
}

/** Write a number in few digits, with a true minus sign. */
export function say(number) {
  if (number === null || !Number.isFinite(number)) return "not a number";
  const size = Math.abs(number);
  const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? number.toExponential(2).replace(/\.?0+e/, "e") : String(+number.toPrecision(3));
  return text.replace("e+", "e").replaceAll("-", "−");
}

export function write(ctx, theme, text, x, y, { colour = theme.colours.ink, align = "left", base = "alphabetic", size = FONT, bold = false, halo = false } = {}) {
  ctx.font = `${bold ? "600 " : ""}${size}px ${theme.font}`;
  ctx.textAlign = align;
  ctx.textBaseline = base;
  if (halo) {
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    ctx.strokeStyle = theme.paper;
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

export function widthOf(ctx, theme, text, size = FONT) {
  ctx.font = `${size}px ${theme.font}`;
  return ctx.measureText(text).width;
}

/** Draw one marker; an outline in the paper's colour keeps it apart from what is below. */
export function marker(ctx, theme, kind, x, y, colour, size = 5) {
  ctx.setLineDash([]);
  ctx.beginPath();
  if (kind === "cross") {
    ctx.moveTo(x - size, y - size); ctx.lineTo(x + size, y + size);
    ctx.moveTo(x + size, y - size); ctx.lineTo(x - size, y + size);
    ctx.lineWidth = LINE;
    ctx.strokeStyle = colour;
    ctx.stroke();
    return;
  }
  if (kind === "circle") ctx.arc(x, y, size, 0, 2 * Math.PI);
  if (kind === "square") ctx.rect(x - size, y - size, 2 * size, 2 * size);
  if (kind === "triangle") { ctx.moveTo(x, y - 1.2 * size); ctx.lineTo(x + 1.1 * size, y + size); ctx.lineTo(x - 1.1 * size, y + size); ctx.closePath(); }
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.paper;
  ctx.stroke();
}

const STAMP = 16; // px, room for one marker
const stamps = new Map();

/** A marker drawn once, to be copied to hundreds of points. */
function stampOf(theme, kind, colour) {
  const key = `${kind} ${colour} ${theme.paper}`;
  if (!stamps.has(key)) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 2 * STAMP;
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    marker(ctx, theme, kind, STAMP / 2, STAMP / 2, colour);
    stamps.set(key, canvas);
  }
  return stamps.get(key);
}

/** Draw a curve between axes: broken where a point is no number or has no place on a logarithmic axis. */
export function curve(ctx, theme, axes, each) {
  const colour = theme.colours[each.colour];
  const n = each.x.length;
  if (each.line) {
    ctx.setLineDash(theme.dashes[each.dash % theme.dashes.length]);
    ctx.lineWidth = LINE;
    ctx.lineJoin = "round";
    ctx.strokeStyle = colour;
    ctx.beginPath();
    let pen = false;
    for (let i = 0; i < n; i++) {
      const x = axes.x(each.x[i]), y = axes.y(each.y[i]);
      const there = Number.isFinite(x) && Number.isFinite(y);
      if (there) pen ? ctx.lineTo(x, y) : ctx.moveTo(x, y);
      pen = there;
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }
  if (!each.marker) return;
  const stamp = stampOf(theme, each.marker, colour);
  for (let i = 0; i < n; i++) {
    const x = axes.x(each.x[i]), y = axes.y(each.y[i]);
    if (Number.isFinite(x) && Number.isFinite(y)) ctx.drawImage(stamp, x - STAMP / 2, y - STAMP / 2, STAMP, STAMP);
  }
}

/** Draw a piece of a curve as it looks, around (x, y): dash and marker tell it apart without its colour. */
export function sample(ctx, theme, each, x, y) {
  const there = { x: (value) => value, y: (value) => value };
  if (each.line) curve(ctx, theme, there, { ...each, marker: null, x: [x - 12, x + 12], y: [y, y] });
  if (each.marker) marker(ctx, theme, each.marker, x, y, theme.colours[each.colour]);
}

/** Draw the knobs that can be dragged. */
export function handles(ctx, theme, axes, knobs) {
  for (const knob of knobs) {
    const x = axes.x(knob.at[0]), y = axes.y(knob.at[1]);
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    ctx.beginPath();
    ctx.arc(x, y, KNOB, 0, 2 * Math.PI);
    ctx.fillStyle = theme.paper;
    ctx.fill();
    ctx.lineWidth = 4;
    ctx.strokeStyle = theme.colours.ink;
    ctx.stroke();
    const right = x < axes.right - 90;
    write(ctx, theme, knob.label, x + (right ? KNOB + 6 : -KNOB - 6), y - KNOB, { align: right ? "left" : "right", halo: true });
  }
}
