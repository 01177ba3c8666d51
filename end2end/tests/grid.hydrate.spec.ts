// The split grid without a mouse: rows are reached, read, opened and typed into with the keyboard.
import { expect, test } from "../fixtures/attain.ts";
import { SplitGrid } from "../pages/split.ts";

test.use({ serving: { demo: true } });

test("the grid is worked with the keyboard", async ({ page, words }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: words("frame.role_planner") }).click();
  await expect(page.locator(".bar")).toBeVisible();
  await page.goto("/split");
  await page.getByRole("button", { name: words("split.new_draft") }).click();
  await expect(page.getByRole("button", { name: words("split.publish"), exact: true })).toBeEnabled();
  const rows = page.locator(".grid .tr[data-node]");
  const focused = (index: number) => expect(rows.nth(index)).toBeFocused();

  await test.step("one stop of the Tab key, arrows from row to row", async () => {
    await expect(page.locator('.grid .tr[tabindex="0"]')).toHaveCount(1);
    await page.locator(".tools input[type=search]").focus();
    await new SplitGrid(page).tabIn();
    await focused(0);
    await page.keyboard.press("ArrowDown");
    await focused(1);
    await page.keyboard.press("Tab");
    await expect(rows.nth(1).getByRole("slider")).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(rows.nth(2).getByRole("slider"), "from handle to handle").toBeFocused();
    await page.keyboard.press("Shift+Tab");
    await focused(2);
    await page.keyboard.press("ArrowUp");
    await focused(1);
  });

  await test.step("F2 types, Escape leaves it, Enter takes it", async () => {
    const total = rows.nth(1).locator(".amount.total");
    const before = Number(await total.getAttribute("data-minor"));
    await page.keyboard.press("F2");
    await expect(total.locator("input")).toBeFocused();
    await page.keyboard.press("Escape");
    await focused(1);
    expect(Number(await total.getAttribute("data-minor"))).toBe(before);
    await page.keyboard.press("F2");
    await page.keyboard.type("=-1%");
    await page.keyboard.press("Enter");
    await focused(1);
    await expect.poll(async () => Number(await total.getAttribute("data-minor"))).toBeLessThan(before);
  });

  await test.step("Enter opens the menu, arrows move in it, Escape leads back", async () => {
    await page.keyboard.press("Enter");
    const items = rows.nth(1).getByRole("menuitem");
    await expect(items.first()).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(items.nth(1)).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(items).toHaveCount(0);
    await focused(1);
  });

  await test.step("two clicks on a number type, one asks why", async () => {
    const total = rows.nth(1).locator(".amount.total");
    await total.dblclick();
    await expect(total.locator("input")).toBeFocused();
    await expect(page.locator("dialog.side[open]")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await total.getByRole("button").click();
    await expect(page.locator("dialog.side[open]")).toBeVisible();
  });
});
