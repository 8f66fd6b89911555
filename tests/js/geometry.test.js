import assert from "node:assert/strict";
import { test } from "node:test";
import {
  pointFromClientToStage,
  pointFromPhotoToStage,
  pointFromStageToPhoto,
  viewFit,
  viewOnBox,
  viewPanned,
  viewPinched,
  viewZoomed,
  ZOOM_MOST,
} from "../../static/js/editor/geometry.js";

const PHOTO = { width: 1600, height: 1200 };
const STAGE = { width: 800, height: 800 };
const near = (actual, expected) => {
  assert.ok(Math.abs(actual.x - expected.x) < 1e-9 && Math.abs(actual.y - expected.y) < 1e-9);
};

test("a client point loses the stage's place in the window", () => {
  assert.deepEqual(pointFromClientToStage({ x: 110, y: 70 }, { left: 100, top: 50 }), {
    x: 10,
    y: 20,
  });
});

test("photo → stage → photo gives the same point back", () => {
  const view = { scale: 0.37, x: -12.5, y: 41 };
  const point = { x: 803.25, y: 77.5 };
  near(pointFromStageToPhoto(pointFromPhotoToStage(point, view), view), point);
});

test("fit shows the whole photo in the middle of the stage", () => {
  assert.deepEqual(viewFit(PHOTO, STAGE), { scale: 0.5, x: 0, y: 100 });
});

test("zooming keeps the photo's pixel under the pointer", () => {
  const view = viewFit(PHOTO, STAGE);
  const anchor = { x: 610, y: 420 };
  const zoomed = viewZoomed(view, 3, anchor, PHOTO, STAGE);
  assert.equal(zoomed.scale, 1.5);
  near(pointFromStageToPhoto(anchor, zoomed), pointFromStageToPhoto(anchor, view));
});

test("zoom ends at sixteen screen pixels a photo pixel and at half the fit", () => {
  const anchor = { x: 400, y: 400 };
  const view = viewFit(PHOTO, STAGE);
  assert.equal(viewZoomed(view, 1e6, anchor, PHOTO, STAGE).scale, ZOOM_MOST);
  assert.equal(viewZoomed(view, 1e-6, anchor, PHOTO, STAGE).scale, 0.25);
});

test("a photo smaller than the stage can still be shown pixel by pixel", () => {
  const small = { width: 40, height: 30 };
  const view = viewFit(small, STAGE);
  assert.equal(viewZoomed(view, 1e-6, { x: 0, y: 0 }, small, STAGE).scale, 1);
});

test("panning never loses the photo", () => {
  const view = viewPanned(viewFit(PHOTO, STAGE), 1e5, -1e5, PHOTO, STAGE);
  assert.equal(view.x, STAGE.width - 48);
  assert.equal(view.y, 48 - PHOTO.height * view.scale);
});

test("spreading two fingers zooms about their middle and follows it", () => {
  const before = [
    { x: 300, y: 400 },
    { x: 500, y: 400 },
  ];
  const after = [
    { x: 220, y: 410 },
    { x: 620, y: 410 },
  ];
  const view = viewFit(PHOTO, STAGE);
  const pinched = viewPinched(view, before, after, PHOTO, STAGE);
  assert.equal(pinched.scale, 1);
  near(
    pointFromStageToPhoto({ x: 420, y: 410 }, pinched),
    pointFromStageToPhoto({ x: 400, y: 400 }, view),
  );
});

test("a box is shown large, in the middle, with air around it", () => {
  const box = { x: 700, y: 500, width: 200, height: 200 };
  const view = viewOnBox(box, PHOTO, STAGE);
  near(pointFromPhotoToStage({ x: 800, y: 600 }, view), { x: 400, y: 400 });
  assert.ok(view.scale > 1 && view.scale <= 2);
});

test("a box as large as the photo shows the whole photo", () => {
  const view = viewOnBox({ x: 0, y: 0, ...PHOTO }, PHOTO, STAGE);
  assert.equal(view.scale, viewFit(PHOTO, STAGE).scale);
});
