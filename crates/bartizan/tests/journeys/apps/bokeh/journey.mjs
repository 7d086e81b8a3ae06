export default async function ({ page, base, step }) {
  await step("sees the drawing", async () => {
    await page.goto(`${base}/gates`);
    await page.locator(".bk-Figure canvas").first().waitFor();
    await page.locator(".slick-row").first().waitFor();
  });
  await step("sees the style of a text", async () => {
    const colour = await page.getByText("no server yet").evaluate((element) => getComputedStyle(element).color);
    if (colour !== "rgb(1, 2, 3)") throw new Error(`the style attribute does nothing: ${colour}`);
  });
  await step("pushes a button that the server answers", async () => {
    await page.getByRole("button", { name: "open" }).click();
    await page.getByText("opened").waitFor();
  });
  await step("moves a slider that the page and the server answer", async () => {
    await page.locator(".noUi-handle").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText(/^page \d/).waitFor();
    await page.getByText(/^server \d/).waitFor();
  });
}
