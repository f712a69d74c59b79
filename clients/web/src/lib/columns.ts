// SPDX-License-Identifier: Apache-2.0
// Which columns of a table fit a width. The first column always stays and takes what is left; the others enter by rank.

export interface Column {
  id: string;
  title: string;
  /** least width in px that shows a usual value whole */
  width: number;
  /** lower enters first; undefined = only when chosen by hand */
  rank?: number;
  isNumber?: boolean;
  /** value of ?sort= the head sets */
  sort?: string;
}

/** chosen: ids picked by hand; they enter before the ranked ones, in the table's order when shown. */
export function fitColumns(columns: readonly Column[], widthPx: number, chosen: readonly string[] = []): Column[] {
  const [first, ...others] = columns;
  if (!first) return [];
  const order = others
    .map((column) => ({ column, place: chosen.length ? (chosen.includes(column.id) ? 0 : Infinity) : (column.rank ?? Infinity) }))
    .filter((item) => item.place !== Infinity)
    .sort((a, b) => a.place - b.place);
  let left = widthPx - first.width;
  const kept = new Set<string>([first.id]);
  for (const { column } of order) {
    if (column.width > left) {
      if (chosen.length) continue;
      break;
    }
    kept.add(column.id);
    left -= column.width;
  }
  return columns.filter((column) => kept.has(column.id));
}
