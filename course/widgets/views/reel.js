// Frames as they come from the kernel (course/widgets/reel.py says how they are written).

const KINDS = { f4: Float32Array, u1: Uint8Array };

/** Read a message: its header, with every array in its place. Arrays that frames share are one object. */
export function unpack(message) {
  const length = message.getUint32(0, true), start = message.byteOffset + 4;
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(message.buffer, start, length)));
  const body = message.buffer.slice(start + length, message.byteOffset + message.byteLength);
  const known = new Map();
  const restore = (value) => {
    if (Array.isArray(value)) return value.map(restore);
    if (value === null || typeof value !== "object") return value;
    if ("at" in value && "n" in value && value.kind in KINDS) {
      const key = `${value.kind}${value.at}`;
      if (!known.has(key)) known.set(key, new KINDS[value.kind](body, value.at, value.n));
      return known.get(key);
    }
    for (const key in value) value[key] = restore(value[key]);
    return value;
  };
  return restore(header);
}

/** Tell whether two parts of frames hold the same: what has not changed is not drawn again. */
export function same(a, b) {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (ArrayBuffer.isView(a)) return a.constructor === b.constructor && a.length === b.length && a.every((value, k) => Object.is(value, b[k]));
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}
