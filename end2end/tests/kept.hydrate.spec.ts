// What was changed in a plan and is not in it yet is not lost with its page: it outlives a reload, and the door.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { typeOver } from "../pages/split.ts";

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
    await typeOver(row, text);
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
    // The tab has it while it waits: a browser may end without a word.
    const kept = () => page.evaluate(() => sessionStorage.getItem("attain.split.unsaved"));
    await expect.poll(kept).toContain("pending");
    // And so it has when the page goes out of sight, which may be the last that is heard of it.
    await page.evaluate(() => sessionStorage.removeItem("attain.split.unsaved"));
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
    expect(await kept()).toContain("pending");
    await page.reload();
    await row.waitFor();
    await expect.poll(total).toBe(changed);
    await expect(page.locator("[data-saved]")).toHaveAttribute("data-saved", "false");
    await page.unroute("**/api/app/split/change");
    await saved();
    await expect.poll(kept, "what is in the plan is not kept").toBeNull();
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

test("what the tab has no room for is said, and leaving asks", async ({ page, words, watch, picture }) => {
  test.setTimeout(120_000);
  watch.expect(/ERR_|Failed to load resource|net::/);
  await enter(page, words, "planner");
  await newDraft(page, words);
  const row = page.locator(".grid .tr[data-node]").nth(1);
  await row.waitFor();
  const total = async () => Number(await row.locator(".amount.total").getAttribute("data-minor"));
  const state = page.locator("[data-saved]");
  const told = page.locator("[data-unkept]");
  const change = "**/api/app/split/change";
  const type = async (text: string) => {
    await typeOver(row, text);
  };
  // A browser whose room for a page is full, until it is not.
  await page.evaluate(() => {
    const room = window as unknown as { fits: boolean };
    const set = Storage.prototype.setItem;
    room.fits = false;
    Storage.prototype.setItem = function (key: string, value: string) {
      if (key === "attain.split.unsaved" && !room.fits) throw new DOMException("full", "QuotaExceededError");
      set.call(this, key, value);
    };
  });

  await test.step("a change that is on its way: leaving asks, though the server is reached", async () => {
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    await page.route(change, async (route) => {
      await held;
      await route.continue();
    });
    await type("=+3%");
    await expect(state).toHaveAttribute("data-saved", "false");
    const asks = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const dialog = await asks;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await expect(told).toHaveText(words("unsaved.too_much"));
    release();
    await expect(state).toHaveAttribute("data-saved", "true", { timeout: 30_000 });
    await expect(told, "nothing is left to be lost").toHaveCount(0);
    await page.unroute(change);
  });

  await test.step("one that waits for the server: it is said without being asked, once", async () => {
    await page.route(change, (route) => route.abort("connectionreset"));
    await type("=+4%");
    await expect(state).toContainText(words("unsaved.offline"));
    await expect(told).toHaveText(words("unsaved.too_much"));
    await expect(told).toHaveCount(1);
    await picture(page, "kept-2-no-room");
  });

  await test.step("another page of the program does not lose it", async () => {
    const changed = await total();
    await page.locator('a[href="/track"]:visible').first().click();
    await expect(page).toHaveURL(/\/track/);
    await page.goBack();
    await row.waitFor();
    await expect(state).toHaveAttribute("data-saved", "false");
    await expect.poll(total).toBe(changed);
    await expect(told).toHaveCount(1);
  });

  await test.step("once it fits it is kept, and no longer said", async () => {
    await page.evaluate(() => ((window as unknown as { fits: boolean }).fits = true));
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
    await expect(told).toHaveCount(0);
    expect(await page.evaluate(() => sessionStorage.getItem("attain.split.unsaved"))).toContain("pending");
    await page.unroute(change);
    await expect(state).toHaveAttribute("data-saved", "true", { timeout: 60_000 });
  });
});
