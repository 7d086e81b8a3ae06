// Visits the pages of a site and prints what works there and which policy was violated.
// Arguments: the folder of playwright-core, the wall's address.

import { open } from "../chromium.mjs";

const [packages, wall] = process.argv.slice(2);
const browser = await open(packages, "--ignore-certificate-errors");
const seen = { works: [], violations: [], console: [] };
try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.log(`VIOLATION ${location.pathname} ${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith("VIOLATION ")) seen.violations.push(text.slice(10));
    else if (message.type() === "error") seen.console.push(text);
  });
  for (const path of ["/", "/second"]) {
    await page.goto(`${wall}${path}`, { waitUntil: "load" });
    // The pages say so themselves when all that they began has come to an end, one way or the other.
    await page.waitForFunction(() => document.documentElement.dataset.done === "yes");
    seen.works.push(await page.evaluate(() => document.documentElement.dataset.works));
  }
} catch (error) {
  seen.error = String(error);
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
