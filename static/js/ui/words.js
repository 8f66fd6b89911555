// How numbers and times read. No DOM.

export const percent = (share) => (share === null ? "–" : `${Math.round(share * 100)} %`);

const two = (number) => String(number).padStart(2, "0");

export const clockOf = (date) =>
  `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

export const clockShortOf = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** As the server writes titles: "Left front door · deformity". */
export function titleOf({ part, side, damage }) {
  const words = part.toLowerCase().replace(/ shell$/, "");
  const text = `${side ? `${side} ${words}` : words} · ${damage.toLowerCase()}`;
  return text[0].toUpperCase() + text.slice(1);
}
