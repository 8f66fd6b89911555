// Painting on the label maps of the photo in view: they come from the server, are changed by
// strokes, and go back as a correction on the revision they came from.
import { ApiError } from "../../api/client.js";
import { correctionSave, labelMapLoad } from "../../api/review.js";
import { labelMap } from "../../editor/mask.js";
import { PhotoMaps } from "../../editor/photomaps.js";
import { decodePng, encodePng } from "../../editor/png.js";
import { mapsOf, mayDecide, photoOf, unsavedPhotos } from "./state.js";

const AUTOSAVE_AFTER = 10_000;

async function mapFrom(url, { width, height }) {
  return url ? decodePng(await labelMapLoad(url)) : labelMap(width, height);
}

/** Both label maps of a photo at one revision; a photo that failed begins empty. */
export async function revisionLoad(
  photo,
  { revision, parts_map_url: parts, damage_map_url: damage },
) {
  const [partsMap, damageMap] = await Promise.all([mapFrom(parts, photo), mapFrom(damage, photo)]);
  return { revision, parts: partsMap, damage: damageMap };
}

export function createPainting({ store, writer, decisions, say, resolveStale }) {
  const loading = new Map();
  let timer = null;

  const touched = (origin) => store.commit({ painted: store.state.painted + 1 }, origin);

  const put = (photoId, maps, origin) => {
    store.commit({ maps: new Map(store.state.maps).set(photoId, maps) }, origin);
    touched(origin);
  };

  /** Fetch a photo's label maps unless they are here; the same fetch serves everyone. */
  function load(photo) {
    const have = store.state.maps.get(photo.id);
    if (have && (have.revision === photo.revision || have.unsaved)) return Promise.resolve(have);
    const key = `${photo.id} ${photo.revision}`;
    if (!loading.has(key)) {
      const fetched = revisionLoad(photo, photo)
        .then((revision) => put(photo.id, new PhotoMaps(revision), "load"))
        .finally(() => loading.delete(key));
      loading.set(key, fetched);
    }
    return loading.get(key);
  }

  function strokeFinish() {
    const maps = mapsOf(store.state);
    if (!maps?.finishStroke()) return;
    touched("stroke");
    autosaveLater();
  }

  function step(direction) {
    const maps = mapsOf(store.state);
    const drawn = maps?.[direction]();
    if (!drawn) {
      say.tell(direction === "undo" ? "No stroke to undo on this photo." : "No stroke to redo.");
      return null;
    }
    touched(direction);
    say.tell(direction === "undo" ? "Stroke undone." : "Stroke redone.");
    autosaveLater();
    return drawn;
  }

  function autosaveLater() {
    clearTimeout(timer);
    if (store.state.autosave) timer = setTimeout(saveAll, AUTOSAVE_AFTER);
  }

  async function save(photoId) {
    const maps = store.state.maps.get(photoId);
    const photo = photoOf({ ...store.state, photoId });
    if (!maps?.unsaved || !mayDecide(store.state)) return;
    const snapshot = maps.snapshot();
    if (maps.isRevision(snapshot)) {
      maps.savedAs(maps.revision, snapshot);
      touched("save");
      return;
    }
    const answer = await writer.send(
      `The painting on photo ${photo.number}`,
      async () =>
        correctionSave(photo.corrections_url, {
          review: store.state.review.id,
          baseRevision: maps.revision,
          partsMap: await encodePng(snapshot.parts),
          damageMap: await encodePng(snapshot.damage),
        }),
      { again: () => save(photoId), catches: (error) => stale(error, photo, maps) },
    );
    if (!answer) return;
    maps.savedAs(answer.correction.revision, snapshot);
    decisions.take(answer);
    touched("save");
    say.tell(`Photo ${photo.number} saved as revision ${answer.correction.revision}.`);
  }

  function stale(error, photo, maps) {
    if (!(error instanceof ApiError) || error.code !== "stale_base") return false;
    clearTimeout(timer);
    resolveStale({ photo, maps, details: error.details, put, save: () => save(photo.id) });
    return true;
  }

  /** Save every photo with unsaved strokes; true when nothing is left unsaved. */
  async function saveAll() {
    clearTimeout(timer);
    for (const photoId of unsavedPhotos(store.state)) await save(photoId);
    return unsavedPhotos(store.state).length === 0;
  }

  /** Forget the strokes on a photo and fetch what the server has. */
  function discard(photo) {
    const maps = new Map(store.state.maps);
    maps.delete(photo.id);
    store.commit({ maps }, "discard");
    return load(photo);
  }

  store.observe(["photoId"], () => {
    if (store.state.autosave) saveAll();
  });

  return {
    load,
    strokeFinish,
    undo: () => step("undo"),
    redo: () => step("redo"),
    saveAll,
    discard,
    touched,
  };
}
