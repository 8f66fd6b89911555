// The icons of the pages, 16 × 16, drawn with the colour of the text.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  flag: "M4 14V2.5h7.5L10 5.5l1.5 3H4",
  tick: "M3 8.5 6.5 12 13 4.5",
  pencil: "M3 13l.8-3.2L10.5 3 13 5.5 6.2 12.2 3 13z",
  cross: "M4 4l8 8M12 4l-8 8",
  strike: "M2.5 8h11M5 4.5h6M5 11.5h6",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
  move: "M8 2v12M2 8h12M6 4l2-2 2 2M6 12l2 2 2-2M4 6 2 8l2 2M12 6l2 2-2 2",
  brush: "M9.5 9 13.5 3 12.5 2 6.8 6.3M9.5 9 7 6.2M7 6.2C4 6.5 5 10 2.5 12.5c3 1.5 6.5.5 7-3.5",
  eraser: "M6 13h7M3 9.5 9 3.5l4 4L7.5 13H5.5L3 10.5v-1zM6 6.5l4 4",
  box: "M3 3h3M10 3h3v3M13 10v3h-3M6 13H3v-3M3 6V3M8 6v4M6 8h4",
  undo: "M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H6",
  redo: "M10 3l3 3-3 3M13 6H7a4 4 0 0 0 0 8h3",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  "eye-off":
    "M2 2l12 12M6.5 3.7A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a11 11 0 0 1-1.8 2.3M4 5a11 11 0 0 0-2.5 3S4 12.5 8 12.5a6 6 0 0 0 2.7-.6",
  chevron: "M6 3.5 10.5 8 6 12.5",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v3l2 1.5",
  warning: "M8 2 1.8 13h12.4L8 2zM8 6.5v3M8 11.2v.3",
  save: "M3 3h8l2 2v8H3V3zM5.5 3v3.5h4V3M5.5 13V9.5h5V13",
  keys: "M2 4h12v8H2V4zM4.5 6.5h.1M7 6.5h.1M9.5 6.5h.1M12 6.5h-.1M5 9.5h6",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
