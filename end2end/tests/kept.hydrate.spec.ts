// What was changed in a plan and is not in it yet is not lost with its page: it outlives a reload, and the door.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("a change that is on its way outlives a reload and the end of the session", async ({ page, words, watch, picture }) => {
  test.setTimeout(120_000);
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  await rows.first().waitFor();
  const name = (await rows.nth(1).getAttribute("data-name")) ?? "";
  const row = page.locator(`.grid .tr[data-name="${name}"]`).first();
  const type = async (text: string) => {
    await row.focus();
    await expect(row).toHaveClass(/selected/);
    await page.keyboard.press("F2");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };
  const saved = () => expect(page.locator("[data-saved]")).toHaveAttribute("data-saved", "true", { timeout: 30_000 });
  const total = async () => Number(await row.locator(".amount.total").getAttribute("data-minor"));
  const before = await total();

  await test.step("the server is not reached, and the page is loaded again", async () => {
    watch.expect(/ERR_|Failed to load resource|net::/);
    // Leaving asks, as the change is nowhere else.
    page.on("dialog", (dialog) => void dialog.accept());
    await page.route("**/api/app/split/change", (route) => route.abort("connectionreset"));
    await type("=+3%");
    await expect(page.locator("[data-saved]")).toContainText(words("unsaved.offline"));
    const changed = await total();
    expect(changed).not.toBe(before);
    // A page that is out of sight may be ended without a word: from then on the tab has it.
    const kept = () => page.evaluate(() => sessionStorage.getItem("attain.split.unsaved"));
    expect(await kept()).toBeNull();
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
    expect(await kept()).toContain("pending");
    await page.reload();
    await row.waitFor();
    await expect.poll(total).toBe(changed);
    await expect(page.locator("[data-saved]")).toHaveAttribute("data-saved", "false");
    await page.unroute("**/api/app/split/change");
    await saved();
    expect(await total()).toBe(changed);
    // One step back undoes it: it was made once.
    await page.keyboard.press("Control+z");
    await expect.poll(total).toBe(before);
    await saved();
  });

  await test.step("the session ended meanwhile: the door leads back, and the change is made", async () => {
    watch.expect(/status of 401/);
    await page.context().clearCookies();
    await type("=-2%");
    await expect(page).toHaveURL(/\/sign-in\?next=%2Fsplit/);
    await picture(page, "kept-1-door");
    await page.getByRole("button", { name: words("frame.role_planner") }).click();
    await expect(page).toHaveURL(new RegExp(`/split\\?.*version=${version}`));
    await row.waitFor();
    await saved();
    await expect.poll(total).toBeLessThan(before);
    // It is in the plan, and no longer only here.
    await page.reload();
    await row.waitFor();
    await expect.poll(total).toBeLessThan(before);
    await saved();
  });

  await test.step("nobody else who signs in here is shown it", async () => {
    const now = await total();
    await page.route("**/api/app/split/change", (route) => route.abort("connectionreset"));
    await type("=+4%");
    await expect(page.locator("[data-saved]")).toContainText(words("unsaved.offline"));
    await enter(page, words, "owner");
    await page.unroute("**/api/app/split/change");
    await page.goto(`/split?version=${version}`);
    await row.waitFor();
    await saved();
    expect(await total()).toBe(now);
    await expect(page.locator(".unsaved")).toHaveCount(0);
  });
});
