export default async function ({ page, base, word, step }) {
  await step("opens the wiki", async () => {
    await page.goto(base);
    await page.getByText("GettingStarted").first().waitFor();
  });
  await step("writes a page in the frame of the editor", async () => {
    await page.locator("button[aria-label='new tiddler']").first().click();
    await page.locator("input.tc-titlebar").first().fill(word);
    const text = `! Said by ${word}\n\n@@color:rgb(1, 2, 3);coloured@@`;
    await page.frameLocator(".tc-tiddler-edit-frame iframe").locator("textarea").fill(text);
  });
  await step("saves it", async () => {
    const saved = page.waitForResponse((response) => response.request().method() === "PUT" && response.ok());
    await page.locator(".tc-tiddler-edit-frame button[title*=Confirm]").click();
    await page.locator(".tc-tiddler-view-frame h1", { hasText: word }).waitFor();
    const colour = await page.getByText("coloured").last().evaluate((element) => getComputedStyle(element).color);
    if (colour !== "rgb(1, 2, 3)") throw new Error(`the style attribute does nothing: ${colour}`);
    await saved;
  });
  await step("finds it again", async () => {
    await page.locator(".tc-sidebar-search input[type=search]").first().fill(word);
    await page.locator(".tc-search-drop-down a, .tc-search-results a", { hasText: word }).first().waitFor();
  });
  await step("opens the control panel", async () => {
    await page.locator("button[aria-label='control panel']").first().click();
    await page.locator(".tc-control-panel").first().waitFor();
  });
}
