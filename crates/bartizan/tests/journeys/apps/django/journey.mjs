export default async function ({ page, base, word, step }) {
  await step("signs in", async () => {
    await page.goto(`${base}/admin/`);
    await page.fill("#id_username", "warden");
    await page.fill("#id_password", "a-long-password");
    await page.click("input[type=submit]");
    await page.waitForSelector("#user-tools");
  });
  await step("adds a group", async () => {
    await page.goto(`${base}/admin/auth/group/add/`);
    await page.fill("#id_name", word);
    // The two boxes of permissions are built by scripts: without them the app is not whole.
    await page.locator("#id_permissions_from option").first().dblclick();
    await page.waitForSelector("#id_permissions_to option");
    await page.click("input[name=_save]");
    await page.waitForSelector(".success");
  });
  await step("looks a permission up in a window of its own", async () => {
    await page.goto(`${base}/admin/auth/user/add/`);
    await page.fill("#id_username", word);
    await page.fill("#id_password1", "correct horse 7 staple");
    await page.fill("#id_password2", "correct horse 7 staple");
    await page.click("input[name=_continue]");
    await page.waitForSelector(".success");
    const [window] = await Promise.all([page.waitForEvent("popup"), page.click("#add_id_groups")]);
    await window.fill("#id_name", `${word}-2`);
    await window.click("input[name=_save]");
    await page.waitForSelector(`#id_groups_to option[title="${word}-2"], #id_groups_from option[title="${word}-2"]`, { state: "attached" });
  });
  await step("sees the calendar", async () => {
    await page.locator(".datetimeshortcuts a").nth(1).click();
    await page.waitForSelector(".calendarbox .calendar td a");
    await page.click(".calendarbox .calendar td a");
  });
  await step("deletes the group", async () => {
    await page.goto(`${base}/admin/auth/group/`);
    await page.click(`th a:text-is("${word}")`);
    await page.click("a.deletelink");
    await page.click("input[type=submit]");
    await page.waitForSelector(".success");
  });
}
