// Ways out of a refusal, each one step that one undo takes back; and over-assignment by level, tried before it is set.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { saved } from "../pages/split.ts";

test.use({ serving: { demo: true } });

test("a floor over the cap offers to raise the cap", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const row = page.locator(".grid .tr[data-node]").nth(1);
  const total = row.locator(".amount.total");
  await expect(total).toBeVisible();
  const minor = async () => Number(await total.getAttribute("data-minor"));
  const bound = async (item: string, amount: number) => {
    await row.focus();
    await page.keyboard.press("Enter");
    await row.getByRole("menuitem", { name: words(item) }).click();
    const field = page.locator("dialog[open] input[name=bound]");
    await expect(field, "nothing bounds it yet").toHaveValue("");
    await field.fill(String(amount / 100));
    await field.press("Enter");
    await expect(page.locator("dialog[open]")).toHaveCount(0);
  };
  const before = await minor();
  const floor = before + 100;
  await bound("split.menu_cap", before);
  await expect(row.getByText(words("split.at_cap"))).toBeVisible();
  await bound("split.menu_floor", floor);
  const toast = page.locator(".toast").first();
  const label = words("split.way_cap_and_amount", { bound: "\n" }).split("\n")[0] ?? "";
  const way = toast.getByRole("button", { name: label });
  await expect(way).toBeVisible();
  expect(await minor(), "nothing is changed before it is chosen").toBe(before);
  await picture(page, "ways-1-crossed");
  await way.click();
  await expect.poll(minor).toBe(floor);
  await expect(row.getByText(words("split.at_floor"))).toBeVisible();
  await saved(page);
  await page.getByRole("button", { name: words("split.undo"), exact: true }).click();
  await expect.poll(minor, "one step back").toBe(before);
  await expect(row.getByText(words("split.at_floor"))).toHaveCount(0);
  await expect(row.getByText(words("split.at_cap"))).toBeVisible();
});

test("where the siblings are locked the parent may change with it", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  await page.locator(".tools .seg button", { hasText: /^(大区|Region)$/ }).click();
  const regions = page.locator('.grid .trs .tr[aria-level="2"]');
  await expect(regions.nth(1)).toBeVisible();
  const count = await regions.count();
  for (let at = 1; at < count; at += 1) {
    await regions.nth(at).hover();
    await regions.nth(at).locator(".lock-button").click();
    await expect(regions.nth(at)).toHaveClass(/locked/);
  }
  const whole = page.locator('.grid .trs .tr[aria-level="1"]').first();
  const minor = async (row = whole) => Number(await row.locator(".amount.total").getAttribute("data-minor"));
  const before = await minor();
  const total = regions.nth(0).locator(".amount.total");
  await total.dblclick();
  await total.locator("input").fill("=+1%");
  await page.keyboard.press("Enter");
  const toast = page.locator(".toast").first();
  const company = (await whole.getAttribute("data-name")) ?? "";
  const way = toast.getByRole("button", { name: words("split.way_parent", { name: company }) });
  await expect(way).toBeVisible();
  await expect(toast.getByRole("button", { name: words("split.way_hedge") })).toBeVisible();
  await picture(page, "ways-2-parent");
  await way.click();
  await expect.poll(() => minor()).toBeGreaterThan(before);
  await expect(regions.nth(1), "what is locked stays locked").toHaveClass(/locked/);
  await saved(page);
  await page.getByRole("button", { name: words("split.undo"), exact: true }).click();
  await expect.poll(() => minor()).toBe(before);
});

test("over-assignment by level is tried, set and taken back", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const whole = page.locator(".grid .tr[data-node]").first().locator(".amount.total");
  await expect(whole).toBeVisible();
  const total = Number(await whole.getAttribute("data-minor"));
  const panel = page.locator("[data-panel=over-assign]");
  await panel.locator(":scope > summary").click();
  const level = panel.locator('tr[data-level="1"]');
  const now = level.locator("td").nth(1);
  const first = (await now.textContent()) ?? "";
  const apply = panel.getByRole("button", { name: words("split.over_apply") });
  await expect(apply).toBeDisabled();
  const field = level.locator("input");
  await field.fill("five");
  await field.press("Tab");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(panel).toContainText(words("split.over_unread"));
  await field.fill("5");
  await field.press("Tab");
  const after = level.locator("[data-figure=over-after]");
  await expect(after).toHaveAttribute("data-minor", /\d/);
  const would = Number(await after.getAttribute("data-minor"));
  expect(Math.abs(would - total * 1.05), "to the minor unit of each period").toBeLessThan(20);
  await expect(now, "nothing is changed yet").toHaveText(first);
  await picture(page, "ways-3-over-assign");
  await apply.click();
  await expect(now).toHaveText(/^\+5\.0\s?%$/);
  expect(Number(await whole.getAttribute("data-minor")), "the whole stays").toBe(total);
  await saved(page);
  await page.getByRole("button", { name: words("split.undo"), exact: true }).click();
  await expect(now).toHaveText(first);
});
