// What can be chosen: parts with their sides and damage, in the words of the merge in use, and
// the finest classes that can be painted.

export const mergeOf = (taxonomy, layer, name) => taxonomy.layers[layer].merges[name];

/** The part names of a merge, each with the sides it has ([""] where it has none). */
export function partChoices(merge) {
  const sides = new Map();
  for (const { name, side } of merge) sides.set(name, [...(sides.get(name) ?? []), side ?? ""]);
  return [...sides].map(([name, found]) => ({ name, sides: found }));
}

/** The original types behind a merged damage class; those of one name need no choice. */
export function typesOf(taxonomy, mergeName, damage) {
  const merged = mergeOf(taxonomy, "damage", mergeName).find(({ name }) => name === damage);
  const members = new Set(merged?.members ?? []);
  return taxonomy.layers.damage.classes.filter(({ id }) => members.has(id)).map(({ name }) => name);
}

/** What an original damage type is called under a merge. */
export function damageOfType(taxonomy, mergeName, type) {
  const id = taxonomy.layers.damage.classes.find(({ name }) => name === type)?.id;
  return mergeOf(taxonomy, "damage", mergeName).find(({ members }) => members.includes(id))?.name;
}

export const classesById = (layer) => new Map(layer.classes.map((item) => [item.id, item]));

/** The merged part ({name, side}) of a finest class id; null for background and what is left out. */
export const partOfId = (merge, id) => merge.find(({ members }) => members.includes(id)) ?? null;

/**
 * A stripe direction for every damage class, by its category: surface rising, body falling,
 * deformity none.
 */
export function stripesOf(taxonomy) {
  const stripes = new Uint8Array(256);
  const merge = mergeOf(taxonomy, "damage", "categorical");
  merge.forEach(({ members }, index) => {
    for (const id of members) stripes[id] = [1, 0, 2][index];
  });
  return stripes;
}

/** The most frequent class id inside a rectangle of values, background left out; 0 for none. */
export function commonest(values) {
  const counts = new Uint32Array(256);
  for (const value of values) counts[value] += 1;
  counts[0] = 0;
  counts[255] = 0;
  return counts.indexOf(Math.max(...counts));
}
