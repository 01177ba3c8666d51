// A plan of months by quarter: what a quarter has is the sum of its months, told on its card, which leads to them.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

/** The amounts of a row by an attribute of its cells, in order. */
const amounts = (page: Page, row: number, of: "data-period" | "data-quarter") =>
  page
    .locator(".grid .tr[data-node]")
    .nth(row)
    .locator(`.amount[${of}]`)
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-minor"))));

test("months stand as quarters: exact sums, told by month, and leading there", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  await expect(rows.nth(2)).toBeVisible();
  const months = [await amounts(page, 0, "data-period"), await amounts(page, 1, "data-period")];
  expect(months[0]?.length, "the demo's plan is in months").toBeGreaterThan(3);
  const columns = page.locator("select[name=columns]");
  const dialog = page.locator("dialog[open]");
  const card = dialog.locator("[data-card=quarter]");

  await test.step("quarters take the place of the months, and sum to the total", async () => {
    await columns.selectOption("quarters");
    await expect(rows.nth(0).locator(".amount[data-period]")).toHaveCount(0);
    await expect(page.locator("[data-quarter-head]").first()).toBeVisible();
    await expect(page).toHaveURL(/columns=quarters/);
    for (const row of [0, 1]) {
      const quarters = await amounts(page, row, "data-quarter");
      const sum = (of: number[]) => of.reduce((sum, amount) => sum + amount, 0);
      expect(quarters.length).toBeLessThan(months[row]?.length ?? 0);
      expect(sum(quarters)).toBe(sum(months[row] ?? []));
      expect(sum(quarters)).toBe(Number(await rows.nth(row).locator(".amount.total").getAttribute("data-minor")));
    }
    await picture(page, "quarters-1");
  });

  await test.step("a link and a reload open the same view", async () => {
    await page.reload();
    await expect(rows.nth(1).locator(".amount[data-quarter]").first()).toBeVisible();
    await expect(columns).toHaveValue("quarters");
  });

  await test.step("the keyboard reaches a quarter, types into it, and asks for its months", async () => {
    await rows.nth(1).focus();
    await page.keyboard.press("ArrowRight");
    if ((await rows.nth(1).locator(".amount.total").getAttribute("tabindex")) !== "0") await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const first = rows.nth(1).locator(".amount[data-quarter='0']");
    await expect(first).toBeFocused();
    const before = await first.getAttribute("data-minor");
    await page.keyboard.press("5");
    await expect(first.locator("input")).toBeFocused();
    await expect(first.locator("input")).toHaveValue("5");
    await page.keyboard.press("Escape");
    await expect(first.locator("input")).toHaveCount(0);
    await expect(first, "given up, nothing is changed").toHaveAttribute("data-minor", String(before));
    await expect(first).toBeFocused();
    await page.keyboard.press("Shift+F10");
    await expect(card).toContainText(words("line_columns.quarter_sum"));
    const listed = await card.locator("[data-month]").evaluateAll((months) => months.map((month) => Number(month.getAttribute("data-minor"))));
    expect(listed.reduce((sum, month) => sum + month, 0)).toBe(Number(await first.getAttribute("data-minor")));
    expect(Number(await card.locator("[data-figure=quarter-total]").getAttribute("data-minor"))).toBe(Number(await first.getAttribute("data-minor")));
  });

  await test.step("each month leads to its own card", async () => {
    await card.locator("[data-month] button").first().click();
    await expect(dialog.locator("[data-figure=why-total]")).toHaveAttribute("data-minor", String(months[1]?.[0]));
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  });

  await test.step("two clicks type into a quarter, as into a month, and ask nothing", async () => {
    const first = rows.nth(1).locator(".amount[data-quarter='0']");
    await first.dblclick();
    await expect(first.locator("input")).toBeFocused();
    await expect(first.locator("input")).toHaveAccessibleDescription(/^= /);
    await page.keyboard.press("Escape");
    await expect(first.locator("input")).toHaveCount(0);
    await expect(dialog).toHaveCount(0);
  });

  await test.step("cells of several columns are not pasted into quarters", async () => {
    await rows.nth(1).locator(".amount[data-quarter='0']").click();
    await expect(card, "a click asks").toContainText(words("line_columns.quarter_sum"));
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "1\t2");
      document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    await expect(card).toContainText(words("line_columns.quarter_set"));
  });

  await test.step("the months come back with the focus, where they are changed", async () => {
    await card.getByRole("button", { name: words("line_columns.show_months") }).click();
    const month = rows.nth(1).locator(".amount[data-period='0']");
    await expect(month).toBeFocused();
    await expect(columns).toHaveValue("periods");
    expect(await amounts(page, 1, "data-period"), "nothing was changed").toEqual(months[1]);
  });
});
