// A landscape from above: colours in bands, whose seams are contour lines, with paths and points on it.

import { curve, handles, sample } from "./paint.js";
import { axes, border, inside, legendOf } from "./axes.js";

const FINE = 160; // pixels a side to which a grid is refined before it is coloured

export function drawField(ctx, theme, panel, width, height) {
  const legend = legendOf(ctx, theme, panel.curves, width, (each, x, y) => sample(ctx, theme, each, x, y));
  const place = axes(ctx, theme, panel, width, height, { legend: legend.height });
  inside(ctx, place, () => {
    if (panel.values) {
      ctx.imageSmoothingEnabled = true;
      ctx.drawImage(pictureOf(ctx.canvas, panel, theme), place.left, place.top, place.right - place.left, place.bottom - place.top);
    }
    for (const each of panel.curves) {
      if (each.line) rim(ctx, theme, place, each);
      curve(ctx, theme, place, each);
    }
  });
  legend.draw();
  border(ctx, theme, place);
  handles(ctx, theme, place, panel.handles);
  return place;
}

/** A pale rim, so that a path is seen on any colour. */
function rim(ctx, theme, place, each) {
  ctx.save();
  ctx.globalAlpha = 0.75;
  const pale = { ...theme, colours: { ...theme.colours, [each.colour]: theme.paper } };
  ctx.filter = "none";
  const wide = { x: place.x, y: place.y };
  for (const shift of [-1.6, 1.6])
    curve(ctx, pale, { x: (v) => wide.x(v) + shift, y: (v) => wide.y(v) + shift }, { ...each, marker: null, dash: 0 });
  ctx.restore();
}

/** The colours of a field; each canvas keeps its last, since many frames share one landscape. */
function pictureOf(stage, panel, theme) {
  const known = stage.field;
  if (known && known.values === panel.values && known.theme === theme) return known.canvas;
  const [rows, columns] = panel.shape;
  const high = Math.max(rows, FINE), wide = Math.max(columns, FINE);
  const canvas = known?.canvas ?? document.createElement("canvas");
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const ctx = canvas.getContext("2d");
  const image = ctx.createImageData(wide, high), pixels = new Uint32Array(image.data.buffer);
  const table = tableOf(theme.map(panel.colours), panel.bands);
  const values = panel.values, across = new Float32Array(wide), from = new Int32Array(wide);
  for (let j = 0; j < wide; j++) {
    const u = (j / (wide - 1)) * (columns - 1);
    from[j] = Math.min(columns - 2, Math.floor(u));
    across[j] = u - from[j];
  }
  for (let i = 0; i < high; i++) {
    const v = (1 - i / (high - 1)) * (rows - 1); // the first row of values is the lowest
    const row = Math.min(rows - 2, Math.floor(v)), t = v - row, a = row * columns, b = a + columns;
    for (let j = 0, at = i * wide; j < wide; j++, at++) {
      const k = from[j], s = across[j];
      const low = values[a + k] + s * (values[a + k + 1] - values[a + k]);
      const top = values[b + k] + s * (values[b + k + 1] - values[b + k]);
      pixels[at] = table[(low + t * (top - low)) | 0];
    }
  }
  ctx.putImageData(image, 0, 0);
  stage.field = { canvas, values: panel.values, theme };
  return canvas;
}

/** 256 colours as the bytes of a pixel, in bands. */
function tableOf(anchors, bands) {
  const rgb = anchors.map((hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)));
  return Uint32Array.from({ length: 256 }, (_, value) => {
    let part = value / 255;
    if (bands) part = Math.min(bands - 1, Math.floor(part * bands)) / (bands - 1);
    const u = part * (rgb.length - 1), k = Math.min(rgb.length - 2, Math.floor(u));
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(rgb[k][c] + (u - k) * (rgb[k + 1][c] - rgb[k][c])));
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}
