import assert from "node:assert/strict";
import { test } from "node:test";
import { UploadQueue } from "../../static/js/pages/upload_queue.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A network whose sends end when the test says so. */
function network() {
  const sends = [];
  const send = (file, onProgress) =>
    new Promise((resolve, reject) => sends.push({ file, onProgress, resolve, reject }));
  return { sends, send };
}

function queueOn(send, atOnce = 2) {
  const items = new Set();
  const queue = new UploadQueue({ send, atOnce, changed: (item) => items.add(item) });
  return { queue, states: () => [...items].map((item) => item.state), items };
}

test("only a few files are on their way at once", () => {
  const { sends, send } = network();
  const { queue, states } = queueOn(send);
  queue.add(["a", "b", "c"]);
  assert.equal(sends.length, 2);
  assert.deepEqual(states(), ["sending", "sending", "waiting"]);
});

test("the next file starts when one is done", async () => {
  const { sends, send } = network();
  const { queue, states } = queueOn(send);
  queue.add(["a", "b", "c"]);
  sends[0].resolve({ outcome: "added", photo: { id: "1" }, message: "" });
  await settled();
  assert.deepEqual(states(), ["added", "sending", "sending"]);
});

test("a refused file does not stop the others", async () => {
  const { sends, send } = network();
  const { queue, states } = queueOn(send, 1);
  queue.add(["a", "b"]);
  sends[0].reject(Object.assign(new Error("a is empty."), { status: 400 }));
  await settled();
  assert.deepEqual(states(), ["refused", "sending"]);
});

for (const status of [0, 429, 502]) {
  test(`a file is lost, not refused, where the answer is ${status}`, async () => {
    const { sends, send } = network();
    const { queue, states } = queueOn(send);
    queue.add(["a"]);
    sends[0].reject(Object.assign(new Error("no answer"), { status }));
    await settled();
    assert.deepEqual(states(), ["lost"]);
  });
}

test("a lost file can be sent again", async () => {
  const { sends, send } = network();
  const { queue, items } = queueOn(send);
  queue.add(["a"]);
  sends[0].reject(Object.assign(new Error("no answer"), { status: 0 }));
  await settled();
  queue.again([...items][0]);
  assert.deepEqual([sends.length, queue.open], [2, 1]);
});

test("progress is told while a file is on its way", () => {
  const { sends, send } = network();
  const { queue, items } = queueOn(send);
  queue.add(["a"]);
  sends[0].onProgress(0.4);
  assert.equal([...items][0].progress, 0.4);
});
