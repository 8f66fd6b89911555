// Where a photo lies on the stage. A view is {scale, x, y}: stage = photo × scale + (x, y).
// Points carry their plane in the name: client (the window), stage (its box), photo (pixels).

export const ZOOM_MOST = 16;
const ZOOM_LEAST_OF_FIT = 0.5;
const KEEP_IN_SIGHT = 48;

export const pointFromClientToStage = (point, stageBox) => ({
  x: point.x - stageBox.left,
  y: point.y - stageBox.top,
});

export const pointFromStageToPhoto = (point, view) => ({
  x: (point.x - view.x) / view.scale,
  y: (point.y - view.y) / view.scale,
});

export const pointFromPhotoToStage = (point, view) => ({
  x: point.x * view.scale + view.x,
  y: point.y * view.scale + view.y,
});

const centred = (box, scale, stage) => ({
  scale,
  x: stage.width / 2 - (box.x + box.width / 2) * scale,
  y: stage.height / 2 - (box.y + box.height / 2) * scale,
});

/** The whole photo as large as the stage allows, in its middle. */
export function viewFit(photo, stage, margin = 0) {
  const room = { width: stage.width - 2 * margin, height: stage.height - 2 * margin };
  const scale = Math.min(room.width / photo.width, room.height / photo.height);
  return centred({ x: 0, y: 0, ...sizeOf(photo) }, Math.max(scale, 0.01), stage);
}

/** A box of the photo with air around it; a speck is not blown up beyond recognition. */
export function viewOnBox(box, photo, stage, air = 2.4) {
  const fit = viewFit(photo, stage);
  const wanted = Math.min(stage.width / (box.width * air), stage.height / (box.height * air));
  const scale = Math.min(Math.max(wanted, fit.scale), Math.max(2, 3 * fit.scale));
  return viewKept(centred(box, scale, stage), photo, stage);
}

/** Zoom by a factor; the photo's pixel under `anchor` (a stage point) stays there. */
export function viewZoomed(view, factor, anchor, photo, stage) {
  const least = viewFit(photo, stage).scale * ZOOM_LEAST_OF_FIT;
  const scale = Math.min(Math.max(view.scale * factor, Math.min(least, 1)), ZOOM_MOST);
  const under = pointFromStageToPhoto(anchor, view);
  const zoomed = { scale, x: anchor.x - under.x * scale, y: anchor.y - under.y * scale };
  return viewKept(zoomed, photo, stage);
}

export const viewPanned = (view, dx, dy, photo, stage) =>
  viewKept({ ...view, x: view.x + dx, y: view.y + dy }, photo, stage);

/** Two fingers moved from `before` to `after` (pairs of stage points): zoom and pan in one. */
export function viewPinched(view, before, after, photo, stage) {
  const factor = distance(after) / Math.max(distance(before), 1);
  const from = middle(before);
  const to = middle(after);
  const zoomed = viewZoomed(view, factor, from, photo, stage);
  return viewPanned(zoomed, to.x - from.x, to.y - from.y, photo, stage);
}

/** A part of the photo always stays in sight. */
function viewKept(view, photo, stage) {
  const keep = (offset, length, room) => {
    const sight = Math.min(KEEP_IN_SIGHT, length / 2, room / 2);
    return Math.min(Math.max(offset, sight - length), room - sight);
  };
  return {
    scale: view.scale,
    x: keep(view.x, photo.width * view.scale, stage.width),
    y: keep(view.y, photo.height * view.scale, stage.height),
  };
}

const sizeOf = ({ width, height }) => ({ width, height });
const distance = ([a, b]) => Math.hypot(b.x - a.x, b.y - a.y);
const middle = ([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
