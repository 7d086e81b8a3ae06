export default async function ({ page, context, base, word, step }) {
  await step("signs in", async () => {
    await page.goto(`${base}/tree`);
    await page.fill("#password_input", "a-long-token");
    await page.click("#login_submit");
    await page.locator(".jp-DirListing-content").waitFor();
  });
  let notebook;
  await step("makes a notebook in a window of its own", async () => {
    await page.getByText("New", { exact: true }).first().click();
    [notebook] = await Promise.all([
      context.waitForEvent("page"),
      page.locator(".lm-Menu-item", { hasText: "Python 3" }).first().click(),
    ]);
    await notebook.locator(".jp-Notebook .cm-content").first().waitFor();
    await notebook.locator(".jp-NotebookKernelStatus, .jp-Notebook-ExecutionIndicator[data-status=idle]").first().waitFor();
  });
  const run = async (code) => {
    await notebook.locator(".jp-Notebook .cm-content").last().click();
    await notebook.keyboard.insertText(code);
    await notebook.keyboard.press("Shift+Enter");
  };
  await step("runs code and reads its output", async () => {
    await run(`print("said by", "${word}" * 2)`);
    await notebook.locator(".jp-OutputArea-output", { hasText: `said by ${word}${word}` }).waitFor();
  });
  await step("sees HTML with a style, and a drawing", async () => {
    await run(`from IPython.display import HTML, SVG, display
display(HTML('<b style="color: rgb(1, 2, 3)">bold ${word}</b>'))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle r="9"/></svg>'))`);
    const bold = notebook.locator(".jp-RenderedHTMLCommon b", { hasText: word });
    await bold.waitFor();
    const colour = await bold.evaluate((element) => getComputedStyle(element).color);
    if (colour !== "rgb(1, 2, 3)") throw new Error(`the style attribute does nothing: ${colour}`);
    await notebook.locator(".jp-RenderedSVG").first().waitFor();
  });
  await step("writes a heading", async () => {
    await notebook.locator(".jp-Notebook .cm-content").last().click();
    await notebook.keyboard.press("Escape");
    await notebook.keyboard.press("m");
    await notebook.keyboard.press("Enter");
    await notebook.keyboard.insertText(`# Heading ${word}`);
    await notebook.keyboard.press("Shift+Enter");
    await notebook.locator("h1", { hasText: word }).waitFor();
  });
  await step("saves it", async () => {
    const saved = notebook.waitForResponse((response) => response.request().method() === "PUT" && response.ok());
    await notebook.keyboard.press("Control+s");
    await saved;
  });
}
