export default async function ({ page, base, step }) {
  await step("opens the list", async () => {
    await page.goto(base);
    await page.getByText("drawbridge").first().waitFor();
  });
  await step("signs in", async () => {
    await page.getByTestId("header--button-login").click();
    await page.fill("#login--dialog-username", "warden");
    await page.fill("#login--dialog-password", "a-long-password");
    await page.getByTestId("login-dialog-form-login-button").click();
    await page.getByTestId("logInDialogIcon").waitFor();
  });
  await step("searches", async () => {
    await page.getByPlaceholder("Search Packages").fill("drawb");
    await page.getByRole("option", { name: /drawbridge/ }).first().click();
    await page.getByRole("heading", { name: "Drawbridge" }).first().waitFor();
  });
  await step("reads its versions", async () => {
    await page.getByRole("tab", { name: /versions/i }).click();
    await page.getByText("1.2.3").first().waitFor();
  });
  await step("signs out", async () => {
    await page.getByTestId("logInDialogIcon").click();
    await page.getByTestId("logOutDialogIcon").click();
    await page.getByTestId("header--button-login").waitFor();
  });
}
