// The review room's endpoints, by name. Every address comes from an answer of the server.
import { call, get, post } from "./client.js";

export const reviewLoad = (url) => get(url);
export const taxonomyLoad = (url) => get(url);
export const leaseRenew = (url) => post(url, {});
export const reviewRelease = (url) => post(url, {});
export const decisionMake = (url, body) => post(url, body);
export const decisionUndo = (url) => post(url, {});
export const reviewFinish = (url, body) => post(url, body);
export const nextTake = (url) => post(url, {});
export const caseTake = (url) => post(url, {});

/** The bytes of a label map; these addresses name one revision and never change. */
export async function labelMapLoad(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The label map could not be fetched (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

export function correctionSave(url, { review, baseRevision, partsMap, damageMap }) {
  const png = (bytes) => new Blob([bytes], { type: "image/png" });
  const form = new FormData();
  form.append("review", review);
  form.append("base_revision", String(baseRevision));
  form.append("parts_map", png(partsMap), "parts.png");
  form.append("damage_map", png(damageMap), "damage.png");
  return call("POST", url, { form });
}
