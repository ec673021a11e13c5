// Nodes and links: what is being visited has a thick border, what has been visited a firm one.

import { FONT, write, widthOf } from "./paint.js";

const WIDTH = { idle: 1.5, done: 3, now: 6 };
const INK = { idle: "grey", done: "blue", now: "vermillion" };
const ROW = 21;

export function drawGraph(ctx, theme, panel, width, height) {
  write(ctx, theme, panel.title, width / 2, 22, { align: "center", bold: true, size: FONT + 1 });
  const sizes = new Map(panel.nodes.map((node) => [node.key, sizeOf(ctx, theme, node)]));
  const place = placeOf(panel.nodes, sizes, width, height);
  for (const link of panel.links) arrow(ctx, theme, link, place, sizes);
  for (const node of panel.nodes) box(ctx, theme, node, ...place(node.key), sizes.get(node.key));
  return null;
}

function sizeOf(ctx, theme, node) {
  const widest = Math.max(...[node.label, ...node.lines].map((text) => widthOf(ctx, theme, text)));
  const high = ROW * (1 + node.lines.length) + 12, wide = Math.max(44, widest + 20);
  if (node.shape !== "disc") return { wide, high, round: 8 };
  const across = Math.max(wide, high);
  return { wide: across + 14, high: Math.min(across, high + 16), round: Math.min(across, high + 16) / 2 };
}

function placeOf(nodes, sizes, width, height) {
  const most = (key) => Math.max(0, ...[...sizes.values()].map((size) => size[key])) / 2 + 8;
  const room = { x: most("wide"), y: most("high") };
  const fit = (key, from, to) => {
    const all = nodes.map((node) => node[key]), low = Math.min(...all), high = Math.max(...all);
    return (value) => (high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2);
  };
  const x = fit("x", room.x, width - room.x), y = fit("y", height - room.y, 34 + room.y);
  const at = new Map(nodes.map((node) => [node.key, [x(node.x), y(node.y)]]));
  return (key) => at.get(key);
}

function arrow(ctx, theme, link, place, sizes) {
  const [x0, y0] = place(link.start), [x1, y1] = place(link.end);
  const a = leave(x0, y0, x1, y1, sizes.get(link.start)), b = leave(x1, y1, x0, y0, sizes.get(link.end));
  const angle = Math.atan2(b[1] - a[1], b[0] - a[0]), head = 13;
  ctx.strokeStyle = ctx.fillStyle = theme.colours[INK[link.state]];
  ctx.lineWidth = Math.min(4, WIDTH[link.state]);
  ctx.setLineDash(link.state === "idle" ? [6, 5] : []);
  ctx.beginPath();
  ctx.moveTo(...a);
  ctx.lineTo(b[0] - head * 0.7 * Math.cos(angle), b[1] - head * 0.7 * Math.sin(angle));
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(...b);
  for (const side of [-0.45, 0.45]) ctx.lineTo(b[0] - head * Math.cos(angle + side), b[1] - head * Math.sin(angle + side));
  ctx.fill();
  if (link.label) write(ctx, theme, link.label, a[0] + 0.42 * (b[0] - a[0]), a[1] + 0.42 * (b[1] - a[1]) - 6, { align: "center", halo: true });
}

/** Where a straight line from a node's middle leaves its box. */
function leave(x, y, toX, toY, size) {
  const dx = toX - x, dy = toY - y;
  const part = Math.min(size.wide / 2 / (Math.abs(dx) || 1e-9), size.high / 2 / (Math.abs(dy) || 1e-9), 1);
  return [x + dx * part, y + dy * part];
}

function box(ctx, theme, node, x, y, { wide, high, round }) {
  ctx.beginPath();
  ctx.roundRect(x - wide / 2, y - high / 2, wide, high, round);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  ctx.lineWidth = WIDTH[node.state];
  ctx.strokeStyle = theme.colours[INK[node.state]];
  ctx.stroke();
  const rows = [node.label, ...node.lines], first = y - (ROW * (rows.length - 1)) / 2;
  rows.forEach((text, k) => write(ctx, theme, text, x, first + ROW * k, { align: "center", base: "middle", bold: k === 0 }));
}
