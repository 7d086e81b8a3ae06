// Visits a page that its policy breaks, watches the violation appear on the dashboard, works with it, and looks at every
// page in both colours, on a small screen, by keyboard and without scripts.
// Arguments: the folder of playwright-core, the site, the dashboard without users, the one with a user, the password.
// Prints one JSON object: what the browser saw.

import { open } from "../chromium.mjs";

const [packages, site, dashboard, guarded, password] = process.argv.slice(2);
const browser = await open(packages);
const seen = { console: [], failed: [], steps: [], pages: [] };

// Everything that a page of the dashboard complains of.
function watch(page) {
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.console.push(`${page.url()} ${message.text()}`);
  });
  page.on("pageerror", (error) => seen.console.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400) seen.failed.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

function step(name, isDone) {
  if (!isDone) throw new Error(`not done: ${name}`);
  seen.steps.push(name);
}

try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const list = watch(await context.newPage());
  await list.goto(`${dashboard}/violations`);
  step("nothing yet", (await list.textContent("#groups")).includes("Nothing was reported"));

  // What the site's page complains of is the point of it.
  const visitor = await context.newPage();
  await visitor.goto(`${site}/shelf`);
  await list.waitForSelector("#groups .groups li");
  step("the violation appeared by itself", (await list.textContent("#groups")).includes("https://pixel.invalid/t.gif"));

  await list.click("#groups .groups a");
  await list.waitForSelector("#samples details[open]");
  const group = await list.textContent("main");
  step("the group shows page and sample", group.includes(`${site}/shelf`) && group.includes("originalPolicy"));

  const replay = async (policy) => {
    await list.goto(`${dashboard}/policy?site=localhost`);
    await list.fill("#csp", policy);
    await list.click("button[value=replay]");
    await list.waitForSelector("#blocked");
    return { blocked: await list.textContent("#blocked"), allowed: await list.textContent("#allowed") };
  };
  const strict = await replay("default-src 'self'");
  step("the policy blocks", strict.blocked.includes("pixel.invalid") && !strict.allowed.includes("pixel.invalid"));
  const loose = await replay("default-src 'self'; img-src 'self' https://pixel.invalid");
  step("the policy allows", !loose.blocked.includes("pixel.invalid") && loose.allowed.includes("pixel.invalid"));

  const still = await browser.newContext({ javaScriptEnabled: false });
  const plain = await still.newPage();
  await plain.goto(`${dashboard}/violations`);
  const words = await plain.textContent("#groups");
  step("no script, same words", words.includes("pixel.invalid") && !(await plain.isVisible("#live")));

  await list.goto(`${dashboard}/`);
  await list.keyboard.press("Tab");
  const skip = await list.evaluate(() => {
    const box = document.activeElement.getBoundingClientRect();
    return { name: document.activeElement.className, outline: getComputedStyle(document.activeElement).outlineStyle, top: box.top };
  });
  await list.keyboard.press("Enter");
  const landed = await list.evaluate(() => document.activeElement.id);
  step("the keyboard skips to the content", skip.name === "skip" && skip.outline !== "none" && landed === "main");

  // The ways that the menu names, and one below each.
  const paths = ["/", "/violations", "/scripts", "/network", "/sites", "/firewall", "/refusals", "/certificates", "/settings",
    "/policy?site=localhost&do=suggest", "/rules"];
  const kinds = { light: {}, dark: { colorScheme: "dark" }, small: { viewport: { width: 360, height: 740 } } };
  for (const [kind, options] of Object.entries(kinds)) {
    const page = watch(await (await browser.newContext(options)).newPage());
    for (const path of paths) {
      const answer = await page.goto(dashboard + path);
      const facts = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        headings: document.querySelectorAll("h1").length,
        mains: document.querySelectorAll("main").length,
      }));
      seen.pages.push({ kind, path, status: answer.status(), ...facts });
    }
    seen[kind] = await page.evaluate(() => {
      const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
      const style = getComputedStyle(document.body);
      return { ground: light(style.backgroundColor), text: light(style.color) };
    });
  }

  const door = await browser.newContext();
  const guest = watch(await door.newPage());
  await guest.goto(`${guarded}/firewall`);
  await guest.keyboard.type("ada");
  await guest.keyboard.press("Tab");
  await guest.keyboard.type(password);
  await guest.keyboard.press("Enter");
  await guest.waitForSelector(".who");
  step("signed in by keyboard", (await guest.textContent(".who")).includes("ada (operator)"));
  step("came back to the page", guest.url() === `${guarded}/firewall`);
  seen.cookie = (await door.cookies()).map(({ name, httpOnly, sameSite, path }) => ({ name, httpOnly, sameSite, path }))[0];
  await guest.click(".who button");
  await guest.waitForSelector("#password");
  step("signed out", (await door.cookies()).length === 0);
} catch (error) {
  seen.error = String(error);
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
