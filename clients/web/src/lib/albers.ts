// SPDX-License-Identifier: Apache-2.0
// Russia on a plane: Albers' equal-area conic between 52° and 64° north, 105° east in the middle; units of the map's own box.

export const BOX = { width: 1965, height: 1085 } as const;
const RAD = Math.PI / 180;
const FIRST = Math.sin(52 * RAD);
const N = (FIRST + Math.sin(64 * RAD)) / 2;
const C = Math.cos(52 * RAD) ** 2 + 2 * N * FIRST;
const SCALE = 1530;
const LEFT = 1110;
const TOP = 1170;
const rho = (lat: number): number => Math.sqrt(C - 2 * N * Math.sin(lat * RAD)) / N;
const BASE = rho(42);

/** A point of the globe in the box; west of the date line counts as east of it. */
export function project(lon: number, lat: number): [number, number] {
  const angle = N * ((lon < 0 ? lon + 360 : lon) - 105) * RAD;
  const far = rho(lat);
  return [LEFT + SCALE * far * Math.sin(angle), TOP - SCALE * (BASE - far * Math.cos(angle))];
}

/** The way back: longitude and latitude of a point of the box. */
export function unproject(x: number, y: number): [number, number] {
  const dx = (x - LEFT) / SCALE;
  const dy = BASE - (TOP - y) / SCALE;
  const lon = 105 + Math.atan2(dx, dy) / N / RAD;
  const lat = Math.asin(Math.min(1, (C - (N * Math.hypot(dx, dy)) ** 2) / (2 * N))) / RAD;
  return [lon > 180 ? lon - 360 : lon, lat];
}
