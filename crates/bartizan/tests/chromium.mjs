// Opens Chromium for a test, with nothing that it would do by itself.
// Arguments: the folder of playwright-core, and what the test wants of the browser besides.

import { createRequire } from "node:module";

export function open(packages, ...more) {
  const { chromium } = createRequire(`${packages}/`)("playwright-core");
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}
