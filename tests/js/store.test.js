import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore, inverse } from "../../static/js/editor/store.js";

test("a commit names what changed, from what to what, and by whom", () => {
  const store = createStore({ tool: "look", size: 20 });
  const change = store.commit({ tool: "brush", size: 20 }, "keys");
  assert.deepEqual(change, { origin: "keys", before: { tool: "look" }, after: { tool: "brush" } });
});

test("a commit that changes nothing tells nobody", () => {
  const store = createStore({ tool: "look" });
  store.observe(null, () => assert.fail("told"));
  assert.equal(store.commit({ tool: "look" }, "keys"), null);
});

test("observers hear only of the fields they watch", () => {
  const store = createStore({ tool: "look", size: 20 });
  const heard = [];
  store.observe(["size"], (state, change) => heard.push([state.size, change.origin]));
  store.commit({ tool: "brush" }, "keys");
  store.commit({ size: 30 }, "wheel");
  assert.deepEqual(heard, [[30, "wheel"]]);
});

test("an observer that left hears nothing", () => {
  const store = createStore({ size: 20 });
  const leave = store.observe(null, () => assert.fail("told"));
  leave();
  store.commit({ size: 21 }, "keys");
  assert.equal(store.state.size, 21);
});

test("the inverse change brings the old state back", () => {
  const store = createStore({ tool: "look", size: 20 });
  const change = store.commit({ tool: "brush", size: 9 }, "keys");
  store.commit(inverse(change).after, "undo");
  assert.deepEqual({ ...store.state }, { tool: "look", size: 20 });
});

test("the state cannot be changed past the store, nor get fields nobody declared", () => {
  const store = createStore({ tool: "look" });
  assert.throws(() => {
    store.state.tool = "brush";
  }, TypeError);
  assert.throws(() => store.commit({ colour: 1 }, "keys"), /no field colour/);
});
