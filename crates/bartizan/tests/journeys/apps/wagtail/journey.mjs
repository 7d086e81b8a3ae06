// A picture of one pixel.
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export default async function ({ page, base, word, step }) {
  await step("signs in", async () => {
    await page.goto(`${base}/admin/`);
    await page.fill("#id_username", "warden");
    await page.fill("#id_password", "a-long-password");
    await page.click("button[type=submit]");
    await page.waitForSelector(".sidebar");
  });
  await step("begins a page in the rich-text editor", async () => {
    await page.goto(`${base}/admin/pages/add/pages/textpage/3/`);
    await page.fill("#id_title", word);
    await page.locator(".public-DraftEditor-content").click();
    await page.keyboard.type("Said by the editor. ");
  });
  await step("uploads an image into the text", async () => {
    await page.keyboard.press("/");
    await page.getByRole("option", { name: "Image" }).click();
    await page.getByRole("tab", { name: "Upload" }).click();
    await page.setInputFiles("#id_image-chooser-upload-file", {
      name: `${word}.png`,
      mimeType: "image/png",
      // What follows the picture makes it another one: the same twice would be asked about.
      buffer: Buffer.concat([Buffer.from(PICTURE, "base64"), Buffer.from(word)]),
    });
    await page.fill("#id_image-chooser-upload-title", word);
    await page.locator("#tab-upload").getByRole("button", { name: "Upload" }).click();
    await page.getByLabel("Full width").check();
    await page.locator("input[type=submit][value='Insert image']").click();
    await page.waitForSelector(".MediaBlock__img");
  });
  await step("sees its preview in a frame", async () => {
    await page.click("button[aria-label='Toggle preview']");
    await page.frameLocator("iframe[title=Preview]").last().locator("h1", { hasText: word }).waitFor();
  });
  await step("publishes", async () => {
    await page.getByRole("button", { name: "More actions" }).last().click();
    await page.click("button[name=action-publish]");
    await page.locator(".messages .success").waitFor();
  });
  await step("reads what it published", async () => {
    await page.goto(`${base}/${word}/`);
    await page.getByText("Said by the editor.").waitFor();
    await page.locator("img").first().evaluate((image) => image.decode());
    await page.locator("wagtail-userbar").waitFor({ state: "attached" });
  });
}
