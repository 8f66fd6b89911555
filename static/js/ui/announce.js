// What happened, said once for those who listen instead of look.

export function announcer(polite, urgent) {
  const say = (region, words) => {
    // The same words twice in a row would not be read again without a change in between.
    region.textContent = "";
    requestAnimationFrame(() => {
      region.textContent = words;
    });
  };
  return {
    tell: (words) => say(polite, words),
    alert: (words) => say(urgent, words),
  };
}
