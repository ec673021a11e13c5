// A demo on its stage: panels above, controls below; one message to the kernel a move, one back.

import { themeOf } from "./paint.js";
import { drawLines } from "./lines.js";
import { drawField } from "./field.js";
import { drawBars } from "./bars.js";
import { drawGraph } from "./graph.js";
import { makeGrabbable } from "./handles.js";
import { buttonOf, controlOf, element } from "./controls.js";
import { same, unpack } from "./reel.js";

const DRAW = { lines: drawLines, field: drawField, bars: drawBars, graph: drawGraph };
const BUNDLE = 3; // frames of a training that are asked for at once
const QUIET = 200; // ms without a move after which a sweep is fetched, and the summary is spoken
const SOON = 60; // ms after which that is done for a slider that has just been touched, unless it moves at once
const SHOWN = 400; // ms after which JupyterLab shows the page again that it hides while it changes its theme

class Stage {
  constructor(model, root) {
    this.model = model;
    this.about = model.get("stage");
    this.values = { ...model.get("values") };
    this.good = this.values;
    this.moves = 0; // how many moves have been told to the kernel
    this.done = 0; // the last of them whose picture is there
    this.swept = this.about.swept; // the slider whose pictures are fetched before they are asked for
    this.sweep = null; // those that have come, and the settings that they hold for
    this.fetching = false; // whether more of them are on their way
    this.queue = []; // frames of a training that have come and not been shown
    this.waiting = false; // whether more of them are on their way
    this.playing = false;
    this.frame = { panels: [], summary: "", problem: "" };
    this.canvases = [];
    this.build(root);
    this.listen();
    this.receive();
    this.settle();
  }

  build(root) {
    const { title, ask, controls, trains } = this.about;
    this.root = element("div", { className: "course-demo" });
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", title);
    this.panels = element("div", { className: "course-panels" });
    this.summary = element("p", { className: "course-summary" });
    this.problem = element("p", { className: "course-problem" });
    this.problem.setAttribute("role", "alert");
    this.heard = element("p", { className: "course-heard" });
    this.heard.setAttribute("aria-live", "polite");
    this.share = element("div", { className: "course-share" });
    this.controls = Object.fromEntries(controls.map((each) => [each.name, controlOf(each, this.values[each.name], (value, at) => this.move({ [each.name]: value }, each.name, at), () => this.touch(each.name))]));
    const shelf = element("div", { className: "course-controls" }, ...Object.values(this.controls).map((each) => each.element));
    if (ask) this.root.append(element("p", { className: "course-ask", textContent: ask }));
    this.root.append(this.panels, this.summary, this.problem, shelf);
    if (trains) this.root.append(this.buttons());
    this.root.append(this.share, this.heard);
    root.append(this.root);
  }

  buttons() {
    this.play = buttonOf("Play", () => (this.playing ? this.pause() : this.start()));
    const step = buttonOf("Step", () => { this.pause(); this.queue.length ? this.show(this.queue.shift()) : this.tell({ do: "frames", frames: 1 }); });
    const reset = buttonOf("Reset", () => { this.pause(); this.forget(); this.tell({ do: "reset" }); });
    const share = buttonOf("Share as code", () => { this.pause(); this.tell({ do: "share" }); });
    return element("div", { className: "course-buttons" }, this.play, step, reset, share);
  }

  listen() {
    this.model.on("change:reel", this.onReel = () => this.receive());
    this.sized = new ResizeObserver(() => { this.sizes = null; this.draw(); });
    this.sized.observe(this.panels);
    this.onTheme = () => { this.repaint(); setTimeout(() => this.repaint(), SHOWN); };
    this.themed = new MutationObserver(this.onTheme);
    this.themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
    this.preferred = matchMedia("(prefers-color-scheme: dark)");
    this.preferred.addEventListener("change", this.onTheme);
  }

  leave() {
    this.pause();
    clearTimeout(this.quiet);
    this.model.off("change:reel", this.onReel);
    this.sized.disconnect();
    this.themed.disconnect();
    this.preferred.removeEventListener("change", this.onTheme);
  }

  // --- to the kernel -------------------------------------------------------------------------------------------------

  /** A control has moved: show what is known already, or ask. */
  move(changes, name, at) {
    this.values = { ...this.values, ...changes };
    const local = name === this.swept && at !== null && this.sweepHolds() && at in this.sweep.frames;
    this.forget();
    this.root.dataset.move = ++this.moves;
    if (local) {
      this.untold = true; // the kernel hears of it after a quiet moment: every message costs the page a picture
      this.show(this.sweep.frames[at]);
      this.answered(this.moves);
    } else this.sync(false);
    this.settle();
  }

  /** Tell the kernel where the controls stand. */
  sync(shown) {
    this.untold = false;
    this.model.set("values", { ...this.values, n: this.moves, shown });
    this.model.save_changes();
  }

  tell(message) {
    this.model.send({ ...message, n: this.moves });
  }

  /** After a quiet moment: tell what was shown without asking, fetch the sweep, and say what is seen. */
  settle(wait = QUIET) {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      if (this.untold) this.sync(true);
      this.fetch();
      if (!this.playing) this.heard.textContent = this.frame.summary;
    }, wait);
  }

  // --- sweeps: all pictures of one slider, so that it needs no kernel ------------------------------------------------

  /** The slider that has the focus, or the mouse over it, is the one whose pictures are fetched. */
  touch(name) {
    if (this.about.trains || name === this.swept) return;
    if (this.untold) this.sync(true);
    this.swept = name;
    this.sweep = null;
    this.settle(SOON);
  }

  /** Ask for the next pictures that are missing, those from the slider's place on first. */
  fetch() {
    if (!this.swept || this.fetching) return;
    const places = this.controls[this.swept].places, have = this.sweepHolds() ? this.sweep.frames : [];
    const here = Math.max(0, places.indexOf(this.values[this.swept]));
    const order = [...places.keys()].slice(here).concat([...places.keys()].slice(0, here));
    const first = order.find((k) => !(k in have));
    if (first === undefined) return;
    this.fetching = true;
    this.tell({ do: "sweep", name: this.swept, first });
  }

  /** Keep some pictures of the sweep, and fetch more, as long as nothing has moved that they depend on. */
  collect(reel) {
    this.fetching = false;
    if (reel.name !== this.swept) return this.fetch();
    if (!this.holds(reel.settings)) return; // when it is quiet again, what is fetched will hold
    if (!this.sweepHolds()) this.sweep = { settings: reel.settings, frames: [] };
    reel.frames.forEach((frame, k) => { this.sweep.frames[reel.first + k] = frame; });
    this.root.dataset.swept = Object.keys(this.sweep.frames).length;
    this.fetch();
  }

  sweepHolds() {
    return this.sweep !== null && this.holds(this.sweep.settings);
  }

  holds(settings) {
    return Object.keys(settings).every((name) => name === this.swept || settings[name] === this.values[name]);
  }

  // --- from the kernel -----------------------------------------------------------------------------------------------

  receive() {
    const message = this.model.get("reel");
    if (!message?.byteLength) return;
    const reel = unpack(message);
    if (reel.purpose === "sweep") this.collect(reel);
    if (reel.purpose === "share") this.showCode(reel.code);
    if (reel.purpose === "now" && reel.n >= this.done) { this.show(reel.frames[0]); this.answered(reel.n); }
    if (reel.purpose === "frames") {
      this.waiting = false;
      if (reel.n !== this.moves) return; // of settings that hold no longer
      this.queue.push(...reel.frames);
      if (!this.playing && this.queue.length) this.show(this.queue.shift());
    }
    this.root.dataset.reels = 1 + (+this.root.dataset.reels || 0);
  }

  /** What answers an earlier move comes too late. */
  answered(n) {
    this.root.dataset.answered = this.done = n;
  }

  show(frame) {
    if (!frame.problem) this.good = { ...this.values };
    else this.values = { ...this.good }; // the next move of any control starts from what was right
    this.frame = frame.panels.length ? frame : { ...frame, panels: this.frame.panels, summary: this.frame.summary };
    this.draw();
    this.settle();
  }

  showCode(code) {
    const text = element("textarea", { value: code, readOnly: true, spellcheck: false });
    text.setAttribute("aria-label", "a code cell that comes to what is on the screen");
    text.setAttribute("data-lm-suppress-shortcuts", "true");
    const copy = buttonOf("Copy", () => { text.select(); navigator.clipboard?.writeText(code).catch(() => document.execCommand("copy")); });
    this.share.replaceChildren(text, copy, buttonOf("Close", () => this.share.replaceChildren()));
    text.select();
  }

  // --- training ------------------------------------------------------------------------------------------------------

  start() {
    this.playing = true;
    this.waiting = false;
    this.play.textContent = "Pause";
    const turn = () => {
      if (!this.playing) return;
      if (this.queue.length) { const frame = this.queue.shift(); this.show(frame); if (frame.problem) return this.pause(); }
      if (!this.waiting && this.queue.length < BUNDLE) { this.waiting = true; this.tell({ do: "frames", frames: BUNDLE }); }
      requestAnimationFrame(turn);
    };
    turn();
  }

  pause() {
    this.playing = false;
    if (this.play) this.play.textContent = "Play";
  }

  /** Frames that were made before the last move are not shown. */
  forget() {
    this.queue.length = 0;
  }

  // --- on the screen -------------------------------------------------------------------------------------------------

  /** Draw the newest frame when the browser paints next. */
  draw() {
    this.pending ??= requestAnimationFrame(() => { this.pending = null; this.paint(); });
  }

  /** Draw anew in the page's theme. */
  repaint() {
    this.theme = this.sizes = null;
    this.draw();
  }

  paint() {
    const { panels, summary, problem } = this.frame;
    if (this.canvases.length !== panels.length) this.sizes = null;
    while (this.canvases.length < panels.length) this.canvases.push(this.canvas());
    while (this.canvases.length > panels.length) this.canvases.pop().remove();
    this.theme ??= themeOf(this.root, this.about); // asking the page for styles and sizes costs a layout: once is enough
    this.sizes ??= this.canvases.map((canvas) => [canvas.clientWidth, canvas.clientHeight]);
    panels.forEach((panel, k) => this.paintPanel(this.canvases[k], panel, this.sizes[k]));
    if (this.summary.textContent !== summary) this.summary.textContent = summary;
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
    this.root.dataset.drawn = 1 + (+this.root.dataset.drawn || 0);
  }

  paintPanel(canvas, panel, [width, height]) {
    const theme = this.theme, ratio = window.devicePixelRatio || 1;
    if (!width || !height) return;
    const label = `${panel.title}. ${this.frame.summary}`;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
    const now = { width, height, ratio, theme, panel };
    if (same(canvas.seen, now)) return;
    canvas.seen = now;
    const wide = Math.round(width * ratio), high = Math.round(height * ratio);
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const ctx = canvas.getContext("2d", { alpha: false });
    ctx.save(); // what one picture sets of pens and fonts, the next does not inherit
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, width, height);
    canvas.panel = panel;
    canvas.place = DRAW[panel.kind](ctx, theme, panel, width, height);
    ctx.restore();
  }

  canvas() {
    const canvas = element("canvas");
    canvas.setAttribute("role", "img");
    makeGrabbable(this, canvas);
    this.panels.append(canvas);
    return canvas;
  }
}

export default {
  render({ model, el }) {
    const stage = new Stage(model, el);
    return () => stage.leave();
  },
};
