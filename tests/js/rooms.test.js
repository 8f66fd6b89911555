// The law of the browser code: pages → editor, ui, api; the editor's rooms touch no DOM.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = new URL("../../static/js/", import.meta.url).pathname;
const MAY_IMPORT = {
  editor: ["editor"],
  api: ["api"],
  ui: ["ui"],
  pages: ["pages", "editor", "ui", "api"],
};

const files = readdirSync(ROOT, { recursive: true }).filter((name) => name.endsWith(".js"));
const roomOf = (name) => name.split("/")[0];
const textOf = (name) => readFileSync(join(ROOT, name), "utf8");

const importsOf = (name) =>
  [...textOf(name).matchAll(/from "(\.[^"]+)"/g)].map(([, target]) =>
    join(name, "..", target),
  );

test("the modules are found", () => {
  assert.ok(files.length > 30);
});

for (const name of files) {
  test(`${name} imports only from the rooms it may`, () => {
    const foreign = importsOf(name).filter(
      (target) => !MAY_IMPORT[roomOf(name)].includes(roomOf(target)),
    );
    assert.deepEqual(foreign, []);
  });
}

for (const name of files.filter((file) => roomOf(file) === "editor")) {
  test(`${name} touches no DOM`, () => {
    assert.doesNotMatch(textOf(name), /\b(document|window|navigator|localStorage)\./);
  });
}

test("nobody writes a global", () => {
  const guilty = files.filter((name) => /\b(window|globalThis)\.\w+ =[^=]/.test(textOf(name)));
  assert.deepEqual(guilty, []);
});
