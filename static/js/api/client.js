// The one way to the API: CSRF header, JSON in and out, refusals as errors with the one error shape.

export class ApiError extends Error {
  constructor(status, body) {
    super(body.message);
    this.status = status;
    this.code = body.code;
    this.details = body.details ?? {};
  }
}

export function csrfToken(cookies = document.cookie) {
  const found = cookies.split("; ").find((item) => item.startsWith("csrftoken="));
  return found ? decodeURIComponent(found.slice("csrftoken=".length)) : "";
}

async function bodyOf(response) {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("json")) return response.json();
  return { code: "unexpected", message: `The server answered ${response.status} without saying why.` };
}

export async function call(method, url, { json, form, signal } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json !== undefined ? JSON.stringify(json) : form;
  const response = await fetch(url, { method, headers, body, signal, credentials: "same-origin" });
  if (response.status === 204) return null;
  const answer = await bodyOf(response);
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}

export const get = (url, options) => call("GET", url, options);
export const post = (url, json, options) => call("POST", url, { json, ...options });
export const del = (url, options) => call("DELETE", url, options);
