// The fields of the page's store, and what is read from them.
import { allParts, firstLine } from "../../editor/lines.js";

export function initialState(review, taxonomy) {
  const line = firstLine(review.lines);
  return {
    review,
    taxonomy,
    lineId: line?.id ?? null,
    partId: null,
    photoId: line?.best_photo ?? review.photos[0]?.id ?? null,
    tool: "look",
    layer: "damage",
    classIds: {
      parts: taxonomy.layers.parts.classes[0].id,
      damage: taxonomy.layers.damage.classes[0].id,
    },
    size: 32,
    opacity: { parts: 0.6, damage: 0.9 },
    hidden: { parts: new Set(), damage: new Set() },
    overlayOff: false,
    view: { scale: 1, x: 0, y: 0 },
    // The painted label maps by photo; `painted` counts changes to them, for whoever draws.
    maps: new Map(),
    painted: 0,
    autosave: true,
    pending: 0,
    savedAt: new Date(),
    failures: [],
    lost: review.held ? null : { holder: review.adjuster.name, lease_until: review.lease_until },
  };
}

export const photoOf = ({ review, photoId }) =>
  review.photos.find(({ id }) => id === photoId) ?? null;
export const lineOf = ({ review, lineId }) => review.lines.find(({ id }) => id === lineId) ?? null;
export const partOf = ({ review, partId }) =>
  allParts(review).find(({ id }) => id === partId) ?? null;
export const mapsOf = ({ maps, photoId }) => maps.get(photoId) ?? null;
export const isPainting = ({ tool }) => tool === "brush" || tool === "eraser";

/** What a decision is about: one damaged part where one is chosen, else the whole line. */
export function subjectOf(state) {
  const part = partOf(state);
  if (part) return { body: { damaged_part: part.id }, words: part };
  const line = lineOf(state);
  return line && { body: { line: line.id }, words: { ...line, damage_type: commonType(line) } };
}

const commonType = ({ damaged_parts: parts }) => {
  const types = new Set(parts.map((part) => part.damage_type));
  return types.size === 1 ? [...types][0] : "";
};

/** The damaged parts that the page points at on the photo in view. */
export function pointedAt(state) {
  const part = partOf(state);
  const parts = part ? [part] : (lineOf(state)?.damaged_parts ?? []);
  return parts.filter(({ photo }) => photo === state.photoId);
}

export const photoNumber = ({ review }, photoId) =>
  review.photos.find(({ id }) => id === photoId)?.number ?? "?";

export const unsavedPhotos = ({ maps }) =>
  [...maps].filter(([, item]) => item.unsaved).map(([id]) => id);

/** May this person decide now? */
export const mayDecide = ({ lost, review }) => lost === null && review.state === "in progress";
