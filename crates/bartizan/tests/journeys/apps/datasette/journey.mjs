export default async function ({ page, base, step }) {
  await step("opens a table", async () => {
    await page.goto(base);
    await page.getByRole("link", { name: "castle" }).first().click();
    await page.getByRole("link", { name: "gates" }).first().click();
    await page.locator("table.rows-and-columns").waitFor();
  });
  await step("counts it by a column, from its menu", async () => {
    await page.locator("th[data-column=width] .dropdown-menu-icon").click();
    await page.locator(".dropdown-menu").getByText("Facet by this").click();
    await page.locator(".facet-info").first().waitFor();
  });
  await step("reads a part of it", async () => {
    await page.locator(".facet-info a").first().click();
    await page.locator("table.rows-and-columns").waitFor();
  });
  await step("writes a query in the editor", async () => {
    await page.goto(`${base}/castle?sql=select+name+from+gates+limit+3`);
    await page.locator(".CodeMirror").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("select 6 * 7 as answer");
    await page.locator("input[type=submit]").first().click();
    await page.locator("td.col-answer", { hasText: "42" }).waitFor();
  });
}
