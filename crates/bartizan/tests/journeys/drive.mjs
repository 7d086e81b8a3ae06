// Drives one app with Chromium as its journey says, and prints one JSON object: what the browser saw.
//
// Arguments: the folder of playwright-core, the journey's file, the app's address, a word that no other run uses,
// and where to put a picture if the journey ends early.
//
// A journey's file exports one function. It gets the page, the address, the word, and `step(name, action)`, which
// does one thing and notes that it was done. It knows nothing of walls or policies.

import { pathToFileURL } from "node:url";

import { open } from "../chromium.mjs";

const [packages, journey, base, word, picture] = process.argv.slice(2);
const { default: travel } = await import(pathToFileURL(journey));

const browser = await open(
  packages,
  // Service workers are fetched outside the context that is told so below.
  "--ignore-certificate-errors",
  // Nothing beyond this machine is asked, whatever an app would like to fetch.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
);
const seen = { steps: [], error: null, console: [], pages: [], failed: [], violations: [] };
const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 } });
// Machines that test are busy, and what is waited for comes or does not.
context.setDefaultTimeout(60_000);

// What the page itself is told of a policy, in every frame and before any script of its own.
await context.exposeBinding("__violated", (_, violation) => seen.violations.push(violation));
await context.addInitScript(() => {
  addEventListener(
    "securitypolicyviolation",
    ({ disposition, effectiveDirective, blockedURI, sample, sourceFile, lineNumber }) =>
      window.__violated({ disposition, directive: effectiveDirective, blocked: blockedURI, sample, sourceFile, lineNumber }),
    true,
  );
});
context.on("console", (message) => {
  const text = message.text();
  // What a report-only policy says is said to the operator, and no fault of the page.
  if (message.type() === "error" && !/report[- ]only/i.test(text)) seen.console.push(text);
});
context.on("weberror", (error) => seen.pages.push(String(error.error())));
context.on("response", (response) => {
  if (response.status() >= 400) seen.failed.push(`${response.status()} ${response.request().method()} ${response.url()}`);
});
context.on("requestfailed", (request) => {
  const reason = request.failure()?.errorText ?? "";
  // A page that is left gives up what it still waits for.
  if (reason !== "net::ERR_ABORTED") seen.failed.push(`${reason} ${request.method()} ${request.url()}`);
});
context.on("page", (page) => {
  page.on("dialog", (dialog) => dialog.accept());
  page.on("websocket", (socket) => socket.on("socketerror", (error) => seen.failed.push(`${error} WS ${socket.url()}`)));
});

const page = await context.newPage();
const step = async (name, action) => {
  try {
    await action();
  } catch (error) {
    throw new Error(`${name}: ${error.message}`);
  }
  seen.steps.push(name);
};
try {
  await travel({ page, context, base, word, step });
} catch (error) {
  seen.error = String(error);
  seen.text = await page.innerText("body").catch(() => "");
  await page.screenshot({ path: picture }).catch(() => {});
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
