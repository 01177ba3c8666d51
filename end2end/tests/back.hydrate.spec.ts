// Nothing is refused without its reason and a way on: a step back meets what somebody else changed, a locked row is dragged, a paste
// and over-assignment meet locks; and what was typed and is no amount outlives a reload.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { SplitGrid, openSplit, saved, typeOver } from "../pages/split.ts";

test.use({ serving: { demo: true } });

const totalOf = async (page: Page, name: string) =>
  Number(await page.locator(`.grid .tr[data-name="${name}"] .amount.total`).first().getAttribute("data-minor"));
const type = async (page: Page, name: string, text: string) => {
  const row = page.locator(`.grid .tr[data-name="${name}"]`).first();
  await typeOver(row, text);
  await saved(page);
};

test("a step back past somebody else's change is told first, and then made or left", async ({ page, another, words, picture }) => {
  test.setTimeout(120_000);
  const second = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await enter(second, words, "owner");
  await openSplit(second, version);
  const name = (await page.locator(".grid .tr[data-node]").nth(1).getAttribute("data-name")) ?? "";
  const both = async (amount: number) => {
    await expect.poll(() => totalOf(page, name)).toBe(amount);
    await expect.poll(() => totalOf(second, name)).toBe(amount);
  };
  const toast = page.locator(".toast").first();
  const press = (key: string) => page.getByRole("button", { name: words(key), exact: true }).click();
  const choose = (key: string) => toast.getByRole("button", { name: words(key), exact: true }).click();

  const before = await totalOf(page, name);
  await type(page, name, "=+3%");
  const own = (await totalOf(page, name)) - before;
  expect(own).toBeGreaterThan(0);
  await both(before + own);
  await type(second, name, "=+5%");
  const theirs = await totalOf(second, name);
  await both(theirs);

  await test.step("who changed what is told, and leaving it changes nothing", async () => {
    await press("split.undo");
    await expect(toast).toContainText(words("unsaved.since_title"));
    await expect(toast).toContainText(name);
    await expect(toast).toContainText(words("unsaved.undo_keeps"));
    await picture(page, "back-1-asked");
    await choose("unsaved.leave");
    await expect(page.locator(".toast")).toHaveCount(0);
    await both(theirs);
  });

  await test.step("a question from before one's own next change does not take that one back", async () => {
    await press("split.undo");
    await expect(toast).toContainText(words("unsaved.since_title"));
    await type(page, name, "=+1%");
    const next = await totalOf(page, name);
    expect(next).not.toBe(theirs);
    await choose("unsaved.undo_anyway");
    await expect(toast).toContainText(words("unsaved.step_other"));
    await both(next);
    await press("split.undo");
    await both(theirs);
    await saved(page);
  });

  await test.step("taken back anyway, their change stays", async () => {
    await press("split.undo");
    await choose("unsaved.undo_anyway");
    await both(theirs - own);
    await saved(page);
  });

  await test.step("the same the other way", async () => {
    await type(second, name, "=-1%");
    const now = await totalOf(second, name);
    await both(now);
    await press("split.redo");
    await expect(toast).toContainText(words("unsaved.redo_keeps"));
    await choose("unsaved.redo_anyway");
    await both(now + own);
    await saved(page);
  });
  await second.context().close();
});

test("a floor that somebody set since is told exactly, and gives way to a step back", async ({ page, another, words, picture }) => {
  test.setTimeout(120_000);
  const second = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await enter(second, words, "owner");
  await openSplit(second, version);
  const name = (await page.locator(".grid .tr[data-node]").nth(1).getAttribute("data-name")) ?? "";
  const before = await totalOf(page, name);
  await type(page, name, "=+3%");
  const set = await totalOf(page, name);
  expect(set).toBeGreaterThan(before);
  await expect.poll(() => totalOf(second, name)).toBe(set);

  const bound = Math.floor((before + set) / 200) * 100;
  expect(bound).toBeGreaterThan(before);
  const row = (on: Page) => on.locator(`.grid .tr[data-name="${name}"]`).first();
  const mark = (on: Page) => row(on).locator('.amount.total .bound[data-bound="floor"]');
  await row(second).focus();
  await second.keyboard.press("Enter");
  await row(second).getByRole("menuitem", { name: words("split.menu_floor") }).click();
  const field = second.locator("dialog[open] input[name=bound]");
  await field.fill(String(bound / 100));
  await field.press("Enter");
  await saved(second);
  await expect(mark(page)).toHaveAttribute("data-at", String(bound));

  const toast = page.locator(".toast").first();
  const press = (key: string) => page.getByRole("button", { name: words(key), exact: true }).click();
  const lower = () => toast.getByRole("button", { name: new RegExp(words("unsaved.undo_floor", { bound: "§" }).replace("§", ".*")) });
  await press("split.undo");
  await expect(toast).toContainText(name);
  // To the last minor unit, as what the slider says of a bound.
  const digits = (text: string | null) => (text ?? "").replace(/\D/g, "");
  await expect.poll(async () => digits(await toast.textContent())).toContain(String(bound / 100));
  await expect(lower()).toBeVisible();
  await picture(page, "back-5-floor");
  await toast.getByRole("button", { name: words("unsaved.leave"), exact: true }).click();
  await expect(page.locator(".toast")).toHaveCount(0);
  expect(await totalOf(page, name)).toBe(set);
  await expect(mark(page)).toHaveAttribute("data-at", String(bound));

  await press("split.undo");
  await lower().click();
  await expect.poll(() => totalOf(page, name)).toBe(before);
  await saved(page);
  await expect(mark(page), "no further than the step needs").toHaveAttribute("data-at", String(before));
  await expect.poll(() => totalOf(second, name)).toBe(before);
  await expect(mark(second)).toHaveAttribute("data-at", String(before));
  await press("split.redo");
  await expect.poll(() => totalOf(page, name)).toBe(set);
  await expect(mark(page)).toHaveAttribute("data-at", String(bound));
  await saved(page);
  await second.context().close();
});

/** Locks the regions from one on. */
const lockRegions = async (page: Page, from: number) => {
  await page.locator(".tools .seg button", { hasText: /^(大区|Region)$/ }).click();
  const regions = page.locator('.grid .trs .tr[aria-level="2"]');
  await expect(regions.nth(1)).toBeVisible();
  const count = await regions.count();
  for (let at = from; at < count; at += 1) {
    await regions.nth(at).hover();
    await regions.nth(at).locator(".lock-button").click();
    await expect(regions.nth(at)).toHaveClass(/locked/);
  }
  await saved(page);
  return regions;
};

/** Pastes a text onto the total of a row. */
const pasteOnto = async (page: Page, row: Locator, text: string) => {
  await row.focus();
  await page.keyboard.press("Control+ArrowRight");
  await expect(row.locator(".amount.total")).toBeFocused();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
};

test("a locked row that is dragged says why it does not move, and is released", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const regions = await lockRegions(page, 1);
  const locked = regions.nth(1);
  const name = (await locked.getAttribute("data-name")) ?? "";
  const before = await totalOf(page, name);
  const grid = new SplitGrid(page);
  await grid.drag(name, -30);
  const toast = page.locator(".toast").first();
  await expect(toast).toContainText(words("unsaved.held_title"));
  await expect(toast).toContainText(name);
  expect(await totalOf(page, name)).toBe(before);
  await picture(page, "back-2-locked");
  await toast.getByRole("button", { name: words("split.menu_unlock"), exact: true }).click();
  await expect(locked).not.toHaveClass(/locked/);
  await expect(regions.nth(2), "others stay locked").toHaveClass(/locked/);
});

test("what is pasted onto a lock offers to release it", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const regions = await lockRegions(page, 0);
  const region = regions.nth(0);
  const name = (await region.getAttribute("data-name")) ?? "";
  const before = await totalOf(page, name);
  const wanted = Math.round(before / 100) + 1_000;
  await pasteOnto(page, region, String(wanted));
  const dialog = page.locator("dialog[open]");
  await expect(dialog.locator("[data-list=problems]")).toContainText(name);
  await expect(dialog.locator("button[type=submit]")).toBeDisabled();
  const way = dialog.locator("[data-list=ways]").getByRole("button", { name: words("split.unlock_and_do") });
  await expect(way).toBeVisible();
  await picture(page, "back-3-paste");
  await way.click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => totalOf(page, name)).toBe(wanted * 100);
  await saved(page);
  await expect(regions.nth(1), "others stay locked").toHaveClass(/locked/);
});

test("a step back that meets amounts and a lock of somebody else tells the amounts first", async ({ page, another, words, watch, picture, language }) => {
  test.setTimeout(120_000);
  // The step is not taken before it was asked about.
  watch.expect(/status of 409/);
  const second = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const regions = await lockRegions(page, 2);
  const region = regions.nth(2);
  const name = (await region.getAttribute("data-name")) ?? "";
  const before = await totalOf(page, name);
  const own = (Math.round(before / 100) + 1_000) * 100;
  await pasteOnto(page, region, String(own / 100));
  const dialog = page.locator("dialog[open]");
  await dialog.locator("[data-list=ways]").getByRole("button", { name: words("split.unlock_and_do") }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => totalOf(page, name)).toBe(own);
  await saved(page);

  await enter(second, words, "owner");
  await second.goto(`/split?version=${version}`);
  const theirRow = second.locator(`.grid .tr[data-name="${name}"]`).first();
  await theirRow.waitFor();
  await type(second, name, "=+2%");
  const theirs = await totalOf(second, name);
  expect(theirs).toBeGreaterThan(own);
  await theirRow.hover();
  await theirRow.locator(".lock-button").click();
  await expect(theirRow).toHaveClass(/locked/);
  await saved(second);
  await expect(region).toHaveClass(/locked/);
  await expect.poll(() => totalOf(page, name)).toBe(theirs);

  const asked = page.locator(".toast").filter({ hasText: words("unsaved.undo_anyway") });
  await page.getByRole("button", { name: words("split.undo"), exact: true }).click();
  await expect(asked).toContainText(name);
  await expect(asked).toContainText(language === "en" ? "changed it from" : "改成了");
  await expect.poll(() => totalOf(page, name), "nothing is done yet").toBe(theirs);
  await picture(page, "back-6-amounts-and-lock");
  await asked.getByRole("button", { name: words("unsaved.undo_anyway"), exact: true }).click();

  // Their lock stays, and is in the way of the amount: that is asked about next, by name.
  const held = page.locator(".toast").filter({ hasText: words("unsaved.undo_unlocking") });
  await expect(held).toContainText(name);
  await expect.poll(() => totalOf(page, name), "nothing is done yet").toBe(theirs);
  await held.getByRole("button", { name: words("unsaved.undo_unlocking"), exact: true }).click();
  await expect.poll(() => totalOf(page, name)).toBe(theirs - (own - before));
  await saved(page);
  await expect.poll(() => totalOf(second, name)).toBe(theirs - (own - before));
  await second.context().close();
});

test("over-assignment that meets locks offers to release them", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  await lockRegions(page, 0);
  const panel = page.locator("[data-panel=over-assign]");
  await panel.locator(":scope > summary").click();
  const level = panel.locator('tr[data-level="1"]');
  await level.locator("input").fill("5");
  await level.locator("input").press("Tab");
  const way = panel.locator("[data-list=ways]").getByRole("button", { name: words("split.unlock_and_do") });
  await expect(way).toBeVisible();
  await expect(panel.getByRole("button", { name: words("split.over_apply") })).toBeDisabled();
  await picture(page, "back-4-over-assign");
  await way.click();
  await expect(level.locator("td").nth(1)).toHaveText(/^\+5\.0\s?%$/);
  await saved(page);
});

test("a text that is no amount outlives a reload", async ({ page, words }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const total = page.locator(".grid .tr[data-node]").nth(1).locator(".amount.total");
  const field = total.locator("input");
  await expect(total).toBeVisible();
  await total.dblclick();
  await field.fill("a lot");
  await page.keyboard.press("Enter");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await page.reload();
  await expect(field).toHaveValue("a lot");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(/\S/);
  // Given up, it does not come back.
  await field.focus();
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
  await page.reload();
  await expect(total).toBeVisible();
  await page.locator(".grid .tr[data-node]").nth(1).focus();
  await expect(field).toHaveCount(0);
});

test("so does one that was typed into a quarter", async ({ page, words }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const row = page.locator(".grid .tr[data-node]").nth(1);
  const quarter = row.locator(".amount[data-quarter='0']");
  const field = quarter.locator("input");
  await expect(row.locator(".amount[data-period]").first()).toBeVisible();
  await page.locator("select[name=columns]").selectOption("quarters");
  await expect(page).toHaveURL(/columns=quarters/);
  await quarter.dblclick();
  await field.fill("half of it");
  await page.keyboard.press("Enter");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await page.reload();
  await expect(field).toHaveValue("half of it");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  // It stays while the months stand there, too.
  await page.locator("select[name=columns]").selectOption("periods");
  await expect(row.locator(".amount[data-period]").first()).toBeVisible();
  await page.locator("select[name=columns]").selectOption("quarters");
  await expect(field).toHaveValue("half of it");
  // Given up, it does not come back.
  await field.focus();
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
  await page.reload();
  await expect(quarter).toBeVisible();
  await expect(field).toHaveCount(0);
});
