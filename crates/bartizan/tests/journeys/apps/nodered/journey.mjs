export default async function ({ page, base, word, step }) {
  const flow = [
    { id: `${word}tab`, type: "tab", label: word },
    { id: `${word}in`, type: "inject", z: `${word}tab`, name: "say", props: [{ p: "payload" }], repeat: "", crontab: "", once: false, onceDelay: 0.1, topic: "", payload: `said by ${word}`, payloadType: "str", x: 140, y: 100, wires: [[`${word}fn`]] },
    { id: `${word}fn`, type: "function", z: `${word}tab`, name: "shout", func: "msg.payload = msg.payload.toUpperCase();\nreturn msg;", outputs: 1, x: 300, y: 100, wires: [[`${word}out`]] },
    { id: `${word}out`, type: "debug", z: `${word}tab`, name: "heard", active: true, tosidebar: true, complete: "payload", x: 460, y: 100, wires: [] },
  ];
  await step("signs in", async () => {
    await page.goto(base);
    await page.fill("#node-dialog-login-username", "warden");
    await page.fill("#node-dialog-login-password", "a-long-password");
    await page.click("#node-dialog-login-submit");
    await page.locator(".red-ui-palette-node").first().waitFor();
  });
  await step("imports a flow", async () => {
    await page.locator("#red-ui-workspace-chart").click({ position: { x: 300, y: 300 } });
    await page.keyboard.press("Control+i");
    await page.fill("#red-ui-clipboard-dialog-import-text", JSON.stringify(flow));
    // The box is judged when a key is let go.
    await page.press("#red-ui-clipboard-dialog-import-text", "End");
    await page.click("#red-ui-clipboard-dialog-ok");
    await page.locator("#red-ui-workspace-tabs .red-ui-tab", { hasText: word }).click();
    await page.locator(".red-ui-flow-node-label", { hasText: "shout" }).last().waitFor();
  });
  await step("opens the code editor", async () => {
    await page.locator(".red-ui-flow-node-group", { hasText: "shout" }).last().dblclick();
    await page.locator(".monaco-editor .view-line", { hasText: "toUpperCase" }).waitFor();
    await page.locator("#node-dialog-ok").click();
    await page.locator(".red-ui-tray").waitFor({ state: "detached" });
  });
  await step("deploys", async () => {
    await page.click("#red-ui-header-button-deploy");
    await page.getByText("Successfully deployed").first().waitFor();
  });
  await step("runs it and hears of it over a WebSocket", async () => {
    await page.keyboard.press("Control+g");
    await page.keyboard.press("d");
    await page.locator(".red-ui-flow-node-group", { hasText: "say" }).last().locator(".red-ui-flow-node-button-button").click();
    await page.locator(".red-ui-debug-msg", { hasText: "SAID BY" }).first().waitFor();
  });
}
