// Runs in the page: when did a key go down, and when were other pixels there?
window.probe = (() => {
  const after = (then) => requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => then(performance.now()); channel.port2.postMessage(0); });

  /** A number for what the canvases or images of an element show. */
  const fingerprint = (root) => {
    let sum = 0;
    for (const source of root.querySelectorAll("canvas, img")) {
      const small = new OffscreenCanvas(160, 100), ctx = small.getContext("2d");
      if (!source.width) continue;
      ctx.drawImage(source, 0, 0, 160, 100);
      for (const [k, value] of new Uint32Array(ctx.getImageData(0, 0, 160, 100).data.buffer).entries()) sum = (sum * 31 + value + k) | 0;
    }
    return sum;
  };

  /** Milliseconds from the next key to the picture that answers it: a canvas that has drawn, or an image that has been decoded. */
  const key = (root, image) => new Promise((done) => {
    const before = fingerprint(root);
    let pressed = null, watch = null;
    const finish = (now) => { watch.disconnect(); done({ ms: now - pressed, changed: fingerprint(root) !== before }); };
    root.addEventListener("keydown", (event) => { pressed = event.timeStamp; }, { once: true, capture: true });
    watch = new MutationObserver((changes) => {
      if (pressed === null) return;
      if (!image) {
        if (root.dataset.answered === root.dataset.move && changes.some((change) => change.attributeName === "data-drawn")) after(finish);
        return;
      }
      const picture = root.querySelector("img");
      if (picture && picture.dataset.seen === undefined) { picture.dataset.seen = 1; picture.decode().then(() => after(finish), () => {}); }
    });
    if (image) for (const picture of root.querySelectorAll("img")) picture.dataset.seen = 1;
    watch.observe(root, { attributes: true, childList: true, subtree: true });
    setTimeout(() => { watch.disconnect(); done({ ms: null, changed: false }); }, 5000);
  });

  /** Count the pictures that are drawn from now on, and keep when each was. */
  const count = (root) => {
    const times = [];
    const watch = new MutationObserver(() => times.push(performance.now()));
    watch.observe(root, { attributes: true, attributeFilter: ["data-drawn"] });
    return { stop: () => { watch.disconnect(); return times; } };
  };
  let counting = null;
  return {
    clicked: null,
    noteClick: (root) => root.addEventListener("click", (event) => { window.probe.clicked = event.timeStamp; }, true),
    key, fingerprint,
    startCount: (root) => { counting = count(root); counting.inputs = []; root.addEventListener("input", (event) => counting.inputs.push(event.timeStamp), true); },
    stopCount: () => ({ drawn: counting.stop(), inputs: counting.inputs }),
  };
})();
