// Opens one page and notes which of the two scripts that were added to it ran.

export default async function ({ page, base, word, step }) {
  await page.goto(base, { waitUntil: "load" });
  for (const name of ["inline", "foreign"]) {
    if (await page.evaluate((key) => key in window, `${name}Ran`)) await step(name, async () => {});
  }
  // Reports leave in their own time, and are lost where the browser ends before: once the page has come again, the
  // first one's have left.
  await page.goto(base, { waitUntil: "load" });
}
