// SPDX-License-Identifier: Apache-2.0
// A QR code small enough to read: byte mode, error correction L, versions 1 to 9 (up to 230 bytes), ISO/IEC 18004.
// In: text. Out: square matrix, true = dark, without the quiet zone.

/** data bytes, error correction bytes a block, blocks; index = version */
const SIZES: readonly (readonly [number, number, number])[] = [
  [0, 0, 0], [19, 7, 1], [34, 10, 1], [55, 15, 1], [80, 20, 1], [108, 26, 1], [136, 18, 2], [156, 20, 2], [194, 24, 2], [232, 30, 2],
];
const ALIGN: readonly (readonly number[])[] = [[], [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46]];

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i += 1) {
  EXP[i] = x;
  LOG[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
for (let i = 255; i < 512; i += 1) EXP[i] = EXP[i - 255] ?? 0;
const times = (a: number, b: number): number => (a && b ? (EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0) : 0);

/** Reed-Solomon remainder of the data for so many check bytes. */
function checkBytes(data: readonly number[], count: number): number[] {
  let divisor = [1];
  for (let i = 0; i < count; i += 1) {
    const next = new Array<number>(divisor.length + 1).fill(0);
    divisor.forEach((c, n) => {
      next[n] = (next[n] ?? 0) ^ c;
      next[n + 1] = (next[n + 1] ?? 0) ^ times(c, EXP[i] ?? 0);
    });
    divisor = next;
  }
  const rest = [...data, ...new Array<number>(count).fill(0)];
  data.forEach((_, i) => {
    const lead = rest[i] ?? 0;
    if (lead) divisor.forEach((c, n) => (rest[i + n] = (rest[i + n] ?? 0) ^ times(c, lead)));
  });
  return rest.slice(data.length);
}

function codewords(bytes: Uint8Array, version: number): number[] {
  const [dataCount, checkCount, blocks] = SIZES[version] ?? [0, 0, 0];
  const bits: number[] = [];
  const push = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; i -= 1) bits.push((value >> i) & 1);
  };
  push(4, 4);
  push(bytes.length, 8);
  bytes.forEach((b) => push(b, 8));
  push(0, Math.min(4, dataCount * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const data: number[] = [];
  for (let i = 0; i < bits.length; i += 8) data.push(bits.slice(i, i + 8).reduce((sum, bit) => sum * 2 + bit, 0));
  for (let pad = 0xec; data.length < dataCount; pad ^= 0xec ^ 0x11) data.push(pad);
  const size = dataCount / blocks;
  const parts = Array.from({ length: blocks }, (_, n) => data.slice(n * size, (n + 1) * size));
  const checks = parts.map((part) => checkBytes(part, checkCount));
  const out: number[] = [];
  for (let i = 0; i < size; i += 1) parts.forEach((part) => out.push(part[i] ?? 0));
  for (let i = 0; i < checkCount; i += 1) checks.forEach((part) => out.push(part[i] ?? 0));
  return out;
}

const MASKS: readonly ((r: number, c: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (_, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0, (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** Remainder of a polynomial division: format (0x537) and version (0x1f25) words carry it. */
function withRemainder(value: number, degree: number, polynomial: number): number {
  let rest = value << degree;
  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit = 31 - Math.clz32(rest)) rest ^= polynomial << (bit - degree);
  return (value << degree) | rest;
}

function draw(version: number, words: readonly number[], mask: number): boolean[][] {
  const n = version * 4 + 17;
  const cell = Array.from({ length: n }, () => new Array<boolean>(n).fill(false));
  const fixed = Array.from({ length: n }, () => new Array<boolean>(n).fill(false));
  const set = (r: number, c: number, dark: boolean): void => {
    const row = cell[r];
    const lock = fixed[r];
    if (!row || !lock || c < 0 || c >= n) return;
    row[c] = dark;
    lock[c] = true;
  };
  for (const [y, x] of [[3, 3], [3, n - 4], [n - 4, 3]] as const)
    for (let r = -4; r <= 4; r += 1)
      for (let c = -4; c <= 4; c += 1) {
        const ring = Math.max(Math.abs(r), Math.abs(c));
        set(y + r, x + c, ring !== 2 && ring !== 4);
      }
  for (let i = 8; i < n - 8; i += 1) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const marks = ALIGN[version] ?? [];
  const end = marks[marks.length - 1];
  for (const y of marks)
    for (const x of marks) {
      if ((y === 6 && (x === 6 || x === end)) || (x === 6 && y === end)) continue;
      for (let r = -2; r <= 2; r += 1) for (let c = -2; c <= 2; c += 1) set(y + r, x + c, Math.max(Math.abs(r), Math.abs(c)) !== 1);
    }
  const format = withRemainder((1 << 3) | mask, 10, 0x537) ^ 0x5412;
  for (let i = 0; i < 15; i += 1) {
    const dark = ((format >> i) & 1) === 1;
    set(i < 6 ? i : i < 8 ? i + 1 : n - 15 + i, 8, dark);
    set(8, i < 8 ? n - 1 - i : i === 8 ? 7 : 14 - i, dark);
  }
  set(n - 8, 8, true);
  if (version >= 7) {
    const info = withRemainder(version, 12, 0x1f25);
    for (let i = 0; i < 18; i += 1) {
      const dark = ((info >> i) & 1) === 1;
      set(Math.floor(i / 3), n - 11 + (i % 3), dark);
      set(n - 11 + (i % 3), Math.floor(i / 3), dark);
    }
  }
  let bit = 0;
  for (let right = n - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUp = ((right + 1) & 2) === 0;
    for (let i = 0; i < n; i += 1)
      for (const c of [right, right - 1]) {
        const r = isUp ? n - 1 - i : i;
        if (fixed[r]?.[c]) continue;
        const dark = bit < words.length * 8 && (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        bit += 1;
        const row = cell[r];
        if (row) row[c] = dark !== (MASKS[mask]?.(r, c) ?? false);
      }
  }
  return cell;
}

/** How uneasy a pattern is to read: runs of one colour, in rows and columns. */
function unease(cell: readonly (readonly boolean[])[]): number {
  let sum = 0;
  const run = (at: (i: number, k: number) => boolean | undefined): void => {
    for (let i = 0; i < cell.length; i += 1)
      for (let k = 1, length = 1; k <= cell.length; k += 1) {
        if (k < cell.length && at(i, k) === at(i, k - 1)) length += 1;
        else {
          if (length >= 5) sum += length - 2;
          length = 1;
        }
      }
  };
  run((i, k) => cell[i]?.[k]);
  run((i, k) => cell[k]?.[i]);
  return sum;
}

export function qr(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version = SIZES.findIndex(([data], v) => v > 0 && data * 8 >= 12 + bytes.length * 8);
  if (version < 1) throw new Error('text too long for a QR code');
  const words = codewords(bytes, version);
  const drawn = MASKS.map((_, mask) => draw(version, words, mask));
  return drawn.reduce((best, next) => (unease(next) < unease(best) ? next : best));
}
