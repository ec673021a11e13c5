// What does not fit on the open page, in sentences: what runs out of it, what is cut, and labels of pictures that overlap.
() => {
  const faults = [], root = document.documentElement, all = [...document.body.querySelectorAll("*")];
  const named = (element) => `<${element.localName}> ${(element.textContent || "").trim().slice(0, 60)}`;
  const seen = (element) => element.getClientRects().length && getComputedStyle(element).visibility !== "hidden";

  if (root.scrollWidth > root.clientWidth + 1) {
    const wide = all.filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1);
    faults.push(`${root.scrollWidth} px wide in a window of ${root.clientWidth}: ${wide.slice(0, 3).map(named)}`);
  }

  for (const box of all) {
    const style = getComputedStyle(box), hides = style.overflowX === "hidden" || style.overflowY === "hidden";
    if (!hides || !seen(box) || box.clientWidth < 8 || box.localName === "svg") continue; // 1 px: for screen readers
    if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) faults.push(`cut: ${named(box)}`);
  }

  for (const picture of document.querySelectorAll("svg")) {
    const frame = picture.getBoundingClientRect();
    const labels = [...picture.querySelectorAll("text")].filter(seen).map((text) => ({ text, at: text.getBoundingClientRect() }));
    labels.forEach(({ text, at }, k) => {
      if (at.left < frame.left - 2 || at.right > frame.right + 2 || at.top < frame.top - 2 || at.bottom > frame.bottom + 2)
        faults.push(`out of its picture: ${named(text)}`);
      for (const other of labels.slice(k + 1)) {
        const across = Math.min(at.right, other.at.right) - Math.max(at.left, other.at.left);
        const down = Math.min(at.bottom, other.at.bottom) - Math.max(at.top, other.at.top);
        if (across > 2 && down > 3) faults.push(`labels overlap: ${named(text)} and ${named(other.text)}`);
      }
    });
  }
  return faults;
}
