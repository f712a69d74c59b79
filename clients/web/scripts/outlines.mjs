// SPDX-License-Identifier: Apache-2.0
// Makes src/screens/routing/outlines.ts: regions of Russia as paths of whole numbers in the box of lib/albers.ts.
//   node scripts/outlines.mjs regions.geojson > src/screens/routing/outlines.ts
// Points shared by neighbours round to the same place, so borders stay closed.
import { readFileSync } from 'node:fs'
import { transformWithEsbuild } from 'vite'

const source = readFileSync(new URL('../src/lib/albers.ts', import.meta.url), 'utf8')
const { code } = await transformWithEsbuild(source, 'albers.ts', { format: 'esm' })
const { project, BOX } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
const { features } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity

function pathOf(ring) {
  const points = []
  for (const [lon, lat] of ring) {
    const [x, y] = project(lon, lat).map(Math.round)
    const last = points.at(-1)
    if (!last || last[0] !== x || last[1] !== y) points.push([x, y])
    left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y)
  }
  if (points.length > 1 && points[0][0] === points.at(-1)[0] && points[0][1] === points.at(-1)[1]) points.pop()
  if (points.length < 3) return ''
  let text = `m${points[0][0]} ${points[0][1]}l`, at = points[0]
  for (const point of points.slice(1)) {
    const [dx, dy] = [point[0] - at[0], point[1] - at[1]]
    text += `${/[lm]$/.test(text) || dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`
    at = point
  }
  return { text: `${text}z`, first: points[0] }
}

const lines = features.map((feature) => {
  const { type, coordinates } = feature.geometry
  const rings = (type === 'Polygon' ? [coordinates] : coordinates).flat().map(pathOf).filter(Boolean)
  return `  '${feature.properties.kladr}': '${rings.map((ring) => ring.text.replace(/^m/, 'M')).join('')}',`
})
process.stderr.write(`${left} ${top} ${right} ${bottom} of ${BOX.width} x ${BOX.height}\n`)
process.stdout.write(`// SPDX-License-Identifier: Apache-2.0
// Made by scripts/outlines.mjs. Source: Natural Earth 1:50m admin-1 (public domain), extent ISO 3166-2:RU; the border of Karelia and Murmansk
// along Natural Earth 1:10m. Generalised outlines for maps, not for addresses. Keys are two-digit region codes.
export const OUTLINES: Record<string, string> = {
${lines.join('\n')}
};
`)
