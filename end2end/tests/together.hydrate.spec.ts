// Two planners in one plan: each sees at once what the other does and who did it, nothing is lost while the server is not
// reached, and what the plan does not take stays in sight with the reason.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { SplitGrid, saved, typeOver } from "../pages/split.ts";

test.use({ serving: { demo: true } });

test("two planners change one plan", async ({ page, another, words, watch, picture }) => {
  test.setTimeout(120_000);
  const second = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await enter(second, words, "owner");
  await second.goto(`/split?version=${version}`);
  const [own, theirs] = [new SplitGrid(page), new SplitGrid(second)];
  const rows = (page: Page) => page.locator(".grid .tr[data-node]");
  await rows(second).first().waitFor();
  const nameOf = async (at: number) => (await rows(page).nth(at).getAttribute("data-name")) ?? "";
  // Two branches beside each other.
  const first = await nameOf(1);
  const type = async (page: Page, name: string, text: string) => {
    const row = page.locator(`.grid .tr[data-name="${name}"]`).first();
    await typeOver(row, text);
  };
  const total = async (page: Page, name: string) =>
    Number(await page.locator(`.grid .tr[data-name="${name}"] .amount.total`).first().getAttribute("data-minor"));

  await test.step("a change is there at once, with the name of who made it", async () => {
    const before = await own.amount(first);
    const news = page.waitForResponse((response) => response.url().endsWith("/api/app/split/news"));
    await type(second, first, "=+3%");
    await saved(second);
    await expect.poll(() => total(page, first)).not.toBe(before);
    const told = (await (await news).json()) as { large?: unknown[] };
    expect(told.large, "what changed hundreds of cells comes packed").toHaveLength(1);
    expect(await theirs.amount(first)).toBe(await own.amount(first));
    const name = page.locator(`.grid .tr[data-name="${first}"] .by-other`).first();
    await expect(name).not.toBeEmpty();
    await expect(page.locator(".status [data-other]")).toContainText(first);
    await picture(page, "together-1-live");
    await expect(name, "for a few seconds").toHaveCount(0, { timeout: 15_000 });
  });

  await test.step("an answer that is lost is asked for again, and the change is made once", async () => {
    watch.expect(/ERR_|Failed to load resource|net::/);
    let lost = 0;
    await page.route("**/api/app/split/change", async (route) => {
      if (lost > 1) return route.continue();
      lost += 1;
      // The first one reaches the server, and its answer does not come back; the second does not even get there.
      if (lost === 1) await route.fetch();
      await route.abort("connectionreset");
    });
    const before = await own.amount(first);
    await type(page, first, "=-2%");
    await expect(page.locator("[data-saved]")).toContainText(words("unsaved.offline"));
    await saved(page);
    await page.unroute("**/api/app/split/change");
    expect(lost).toBe(2);
    await expect.poll(() => total(second, first)).toBe(await total(page, first));
    expect(await total(page, first)).not.toBe(before);
    // One step back undoes it: it was made once.
    await page.keyboard.press("Control+z");
    await expect.poll(() => total(page, first)).toBe(before);
    await expect.poll(() => total(second, first)).toBe(before);
  });

  await test.step("what was changed by both is refused with the difference and stays in sight", async () => {
    // The first one does not hear of the second's change in time.
    const answer = gate();
    await page.route("**/api/app/split/change", async (route) => {
      await answer.opened;
      await route.continue();
    });
    await type(page, first, "=+1%");
    await type(second, first, "=+5%");
    await saved(second);
    const now = await total(second, first);
    answer.open();
    const list = page.locator(".unsaved");
    await expect(list).toContainText(first);
    await page.unroute("**/api/app/split/change");
    await expect.poll(() => total(page, first), "theirs stays in place").toBe(now);
    await picture(page, "together-2-refused");
    await list.getByRole("button", { name: words("unsaved.again") }).click();
    await saved(page);
    await expect(list).toHaveCount(0);
    await expect.poll(() => total(second, first)).toBe(await total(page, first));
    expect(await total(page, first)).not.toBe(now);
  });

  await test.step("a change that meets a published plan is kept with the reason", async () => {
    const answer = gate();
    await page.route("**/api/app/split/change", async (route) => {
      await answer.opened;
      await route.continue();
    });
    await type(page, first, "=-4%");
    await second.getByRole("button", { name: words("split.publish"), exact: true }).click();
    // It waits for what one decides by.
    await expect(second.locator("dialog[open] .before[data-before]")).toHaveCount(1, { timeout: 60_000 });
    await second.locator("dialog[open] footer button.primary").click();
    await expect(second.getByRole("button", { name: words("split.new_draft"), exact: true })).toBeVisible({ timeout: 30_000 });
    watch.expect(/status of 409/);
    answer.open();
    const list = page.locator(".unsaved");
    await expect(list).toContainText(first, { timeout: 30_000 });
    await expect(page.getByRole("button", { name: words("split.new_draft"), exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(list, "also in the grid that was opened anew").toContainText(first);
    await expect.poll(() => total(page, first)).toBe(await total(second, first));
    await picture(page, "together-3-published");
    await list.getByRole("button", { name: words("unsaved.forget") }).click();
    await expect(list).toHaveCount(0);
    await page.unroute("**/api/app/split/change");
  });
  await second.context().close();
});

test("what another planner changes under a hand that drags, or in a cell that is typed into, is asked about", async ({ page, another, words, picture }) => {
  test.setTimeout(120_000);
  const second = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await enter(second, words, "owner");
  await second.goto(`/split?version=${version}`);
  const [own, theirs] = [new SplitGrid(page), new SplitGrid(second)];
  await second.locator(".grid .tr[data-node]").first().waitFor();
  const name = (await page.locator(".grid .tr[data-node]").nth(1).getAttribute("data-name")) ?? "";
  const begin = async (page: Page, text: string) => {
    const row = page.locator(`.grid .tr[data-name="${name}"]`).first();
    await row.focus();
    await expect(row).toHaveClass(/selected/);
    await page.keyboard.press("F2");
    await page.keyboard.type(text);
  };
  const change = async (text: string) => {
    const before = await theirs.amount(name);
    await begin(second, text);
    await second.keyboard.press("Enter");
    await saved(second);
    const now = await theirs.amount(name);
    expect(now).not.toBe(before);
    return now;
  };
  const list = page.locator(".unsaved");

  await test.step("a drag that is held while the other one changes the amount", async () => {
    const before = await own.amount(name);
    const handle = own.row(name).getByRole("slider");
    await handle.scrollIntoViewIfNeeded();
    const box = await handle.boundingBox();
    if (box === null) throw new Error(`${name} has no handle in sight`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 5, y);
    await expect.poll(() => own.amount(name)).not.toBe(before);
    const held = await own.amount(name);
    const now = await change("=+5%");
    await expect(own.row(name).locator(".by-other").first(), "the news are there").not.toBeEmpty();
    expect(await own.amount(name), "it does not jump under the hand").toBe(held);
    await page.mouse.move(x + 6, y);
    await page.mouse.up();
    await expect(list, "the difference is told, and what was dragged stays in sight").toContainText(name);
    await expect.poll(() => own.amount(name), "theirs stays in place").toBe(now);
    expect(await theirs.amount(name)).toBe(now);
    await picture(page, "together-4-dragged");
    await list.getByRole("button", { name: words("unsaved.again") }).click();
    await saved(page);
    await expect(list).toHaveCount(0);
    expect(await own.amount(name)).not.toBe(now);
    await expect.poll(() => theirs.amount(name)).toBe(await own.amount(name));
  });

  await test.step("an amount that is being typed while the other one changes it", async () => {
    await begin(page, "=+1%");
    const now = await change("=+4%");
    await expect.poll(() => own.amount(name), "the news are there").toBe(now);
    await page.keyboard.press("Enter");
    await expect(list).toContainText(name);
    await expect.poll(() => own.amount(name), "theirs stays in place").toBe(now);
    expect(await theirs.amount(name)).toBe(now);
    await list.getByRole("button", { name: words("unsaved.forget") }).click();
    await expect(list).toHaveCount(0);
  });

  await test.step("a quarter that is being typed while the other one changes its months", async () => {
    const columns = page.locator("select[name=columns]");
    await columns.selectOption("quarters");
    const quarter = own.row(name).locator(".amount[data-quarter='0']");
    await quarter.dblclick();
    await quarter.locator("input").fill("+1%");
    const minor = async () => Number(await quarter.getAttribute("data-minor"));
    const before = await minor();
    const now = await change("=+3%");
    await expect.poll(() => own.amount(name), "the news are there").toBe(now);
    // Periods follow the total with the next frames.
    await expect.poll(minor).not.toBe(before);
    const had = await minor();
    await quarter.locator("input").press("Enter");
    await expect(list).toContainText(name);
    await expect.poll(minor, "theirs stays in place").toBe(had);
    await list.getByRole("button", { name: words("unsaved.forget") }).click();
    await expect(list).toHaveCount(0);
    await columns.selectOption("periods");
    await expect(own.row(name).locator(".amount[data-period]").first()).toBeVisible();
  });

  await test.step("what was made here meanwhile is no news", async () => {
    const gated = gate();
    await page.route("**/api/app/split/change", async (route) => {
      await gated.opened;
      await route.continue();
    });
    await begin(page, "=+1%");
    await page.keyboard.press("Enter");
    // The next one begins before the answer to the first one has come, and ends after it.
    await begin(page, "=+2%");
    gated.open();
    await saved(page);
    await page.unroute("**/api/app/split/change");
    const before = await own.amount(name);
    await page.keyboard.press("Enter");
    await expect.poll(() => own.amount(name)).not.toBe(before);
    await saved(page);
    await expect(list).toHaveCount(0);
    await expect.poll(() => theirs.amount(name)).toBe(await own.amount(name));
  });
  await second.context().close();
});

/** Something that waits until it is opened. */
function gate(): { open: () => void; opened: Promise<void> } {
  let go = (): void => undefined;
  const opened = new Promise<void>((done) => {
    go = done;
  });
  return { open: () => go(), opened };
}
