// A quarter set as a whole: its months share what is typed, one step takes it back, and what is locked says why it cannot be had.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { saved } from "../pages/split.ts";

test.use({ serving: { demo: true } });

const minor = async (cell: Locator) => Number(await cell.getAttribute("data-minor"));

const sum = (of: number[]) => of.reduce((sum, amount) => sum + amount, 0);

/** What the second row has by month. */
const months = (page: Page) =>
  page
    .locator(".grid .tr[data-node]")
    .nth(1)
    .locator(".amount[data-period]")
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-minor"))));

test("a quarter is set as a whole, shared by its months, taken back at once, and refused with the reason", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const row = page.locator(".grid .tr[data-node]").nth(1);
  await expect(row.locator(".amount[data-period]").first()).toBeVisible();
  const columns = page.locator("select[name=columns]");
  const quarter = row.locator(".amount[data-quarter='0']");
  const total = row.locator(".amount.total");
  const before = await months(page);
  const whole = await minor(total);
  await columns.selectOption("quarters");
  await expect(quarter).toBeVisible();
  const had = await minor(quarter);
  const count = before.findIndex((_, at) => sum(before.slice(0, at + 1)) === had) + 1;
  expect(count, "its months are the first of the plan").toBeGreaterThan(1);
  expect(before.length, "others can give").toBeGreaterThan(count);
  let set = 0;

  await test.step("two clicks and +10%: the quarter has it, and the year stays", async () => {
    await expect(quarter).not.toHaveAttribute("aria-readonly", "true");
    await quarter.dblclick();
    await quarter.locator("input").fill("+10%");
    await expect(quarter.locator("input")).toHaveAccessibleDescription(/^= /);
    await picture(page, "quarters-set-1");
    await page.keyboard.press("Enter");
    await expect.poll(() => minor(quarter)).toBeGreaterThan(had);
    set = await minor(quarter);
    expect(Math.abs(set - had * 1.1)).toBeLessThanOrEqual(1);
    expect(await minor(total)).toBe(whole);
    await saved(page);
  });

  await test.step("its months share it as they stood, to the last unit", async () => {
    await columns.selectOption("periods");
    await expect(row.locator(".amount[data-period]").first()).toBeVisible();
    const now = await months(page);
    expect(sum(now.slice(0, count))).toBe(set);
    for (const [at, amount] of now.slice(0, count).entries()) expect(Math.abs(amount - ((before[at] ?? 0) * set) / had)).toBeLessThan(1);
    expect(sum(now)).toBe(whole);
  });

  await test.step("one step takes all of it back", async () => {
    await row.focus();
    await page.keyboard.press("Control+z");
    await expect.poll(() => months(page)).toEqual(before);
  });

  await test.step("where its months are locked, it is said which and how far it goes", async () => {
    for (let at = 0; at < count; at += 1) {
      const month = row.locator(`.amount[data-period='${at}']`);
      await month.click({ button: "right" });
      await month.getByRole("menuitem", { name: words("split.menu_lock"), exact: true }).click();
      await expect(month).toHaveClass(/\bheld\b/);
    }
    await columns.selectOption("quarters");
    await expect(quarter).toBeVisible();
    await row.focus();
    await page.keyboard.press("ArrowRight");
    if ((await total.getAttribute("tabindex")) !== "0") await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(quarter).toBeFocused();
    await page.keyboard.press("+");
    await page.keyboard.type("10%");
    await page.keyboard.press("Enter");
    const begin = (text: string) => (text.split("§")[0] ?? "").trim();
    const toast = page.locator(".toast", { hasText: begin(words("line_columns.quarter_most", { amount: "§" })) });
    await expect(toast).toContainText(begin(words("line_columns.quarter_months", { months: "§" })));
    expect(await minor(quarter)).toBe(had);
    await picture(page, "quarters-set-2");
    await toast.getByRole("button", { name: words("split.unlock_and_do") }).click();
    await expect.poll(() => minor(quarter)).toBe(set);
    await saved(page);
  });
});
