// Signs in to the Django admin through the wall, adds and deletes a record, and tries a forged request.
// Arguments: the folder of playwright-core, the wall's address, the address of a page of another site.
// Prints one JSON object: what the browser saw.

import { open } from "../chromium.mjs";

const [packages, wall, elsewhere] = process.argv.slice(2);
const browser = await open(packages);
const seen = { console: [], failed: [], cookies: [], steps: [] };
try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => {
    // What a report-only policy says is said to the operator, not a fault of the page.
    if (message.type() === "error" && !message.text().includes("report-only")) seen.console.push(message.text());
  });
  page.on("pageerror", (error) => seen.console.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400) seen.failed.push(`${response.status()} ${response.url()}`);
  });

  await page.goto(`${wall}/admin/`);
  await page.fill("#id_username", "warden");
  await page.fill("#id_password", "a-long-password");
  await page.click("input[type=submit]");
  await page.waitForSelector("#user-tools");
  seen.steps.push("signed in");

  await page.goto(`${wall}/admin/auth/group/add/`);
  await page.fill("#id_name", "sentries");
  // The two boxes of permissions are built by scripts: without them the app is not whole.
  await page.waitForSelector("#id_permissions_from");
  await page.click("input[name=_save]");
  await page.waitForSelector(".success");
  seen.steps.push("added");

  await page.click("text=sentries");
  await page.click("a.deletelink");
  await page.click("input[type=submit]");
  await page.waitForSelector(".success");
  seen.steps.push("deleted");

  seen.cookies = (await context.cookies()).map(({ name, secure, httpOnly, sameSite, path }) => {
    return { name, secure, httpOnly, sameSite, path };
  });

  // A page of another site posts a form to the unprotected view.
  const forger = await context.newPage();
  await forger.goto(elsewhere);
  const answered = forger.waitForResponse((response) => response.url() === `${wall}/transfer`);
  await forger.evaluate((action) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    form.append(Object.assign(document.createElement("input"), { name: "amount", value: "1000" }));
    document.body.append(form);
    form.submit();
  }, `${wall}/transfer`);
  seen.forged = (await answered).status();
  await page.goto(`${wall}/transfer`);
  seen.transfers = (await page.textContent("body")).trim();

  // Last, and on a page of its own: its status is meant.
  const crashed = await context.newPage();
  const crash = await crashed.goto(`${wall}/crash`);
  seen.crash = { status: crash.status(), text: await crashed.textContent("body") };
} catch (error) {
  seen.error = String(error);
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
