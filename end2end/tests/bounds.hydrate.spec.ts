// Floors and caps where they hold, the ends of the slider, where a drag stops and why, and what the hedge pool gives meanwhile.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { saved } from "../pages/split.ts";

test.use({ serving: { demo: true } });

/** Grips the handle of a row and moves it, without letting go. */
async function grip(page: Page, row: Locator, byPixels: number): Promise<(by: number) => Promise<void>> {
  const handle = row.getByRole("slider");
  await handle.scrollIntoViewIfNeeded();
  const box = await handle.boundingBox();
  if (box === null) throw new Error("the row has no handle in sight");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const to = (by: number) => page.mouse.move(x + by, y, { steps: 5 });
  await to(byPixels);
  return to;
}

for (const language of ["zh-CN", "en"] as const) {
  test.describe(language, () => {
    test.use({ language, locale: language === "en" ? "en-GB" : language });

    test("a floor and a cap are marked with their exact amounts, and taken away", async ({ page, words, picture }) => {
      await enter(page, words, "planner");
      await newDraft(page, words);
      const row = page.locator(".grid .tr[data-node]").nth(1);
      const total = row.locator(".amount.total");
      await expect(total).toBeVisible();
      const minor = async (cell = total) => Number(await cell.getAttribute("data-minor"));
      const field = page.locator("dialog[open] input[name=bound]");
      const ask = async (item: string) => {
        await row.focus();
        await page.keyboard.press("Enter");
        await row.getByRole("menuitem", { name: words(item) }).click();
        await expect(field).toBeVisible();
      };
      const before = await minor();
      const floor = Math.floor((before * 0.9) / 100) * 100;

      await ask("split.menu_floor");
      await expect(field, "nothing bounds it yet").toHaveValue("");
      // What is no amount is said where it was typed, and stays there until it is another text.
      const note = page.locator("dialog[open] #field-bound-note");
      await field.fill("plenty");
      await field.press("Enter");
      await expect(note).toHaveText(words("split.edit_bad", { text: "plenty" }));
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveValue("plenty");
      await expect(page.locator(".toast"), "not in passing").toHaveCount(0);
      await field.fill(String(floor / 100));
      await expect(field).not.toHaveAttribute("aria-invalid");
      await field.press("Enter");
      await expect(row, "the keyboard goes on where the menu was").toBeFocused();
      const mark = total.locator('.bound[data-bound="floor"]');
      await expect(mark).toHaveAttribute("data-at", String(floor));
      await expect(mark).toHaveAttribute("title", /\d/);
      await expect(total.locator('.bound[data-bound="cap"]')).toHaveCount(0);
      const slider = row.getByRole("slider");
      await expect(slider).toHaveAttribute("aria-valuetext", new RegExp(words("split.bound_floor", { amount: "" }).trim()));
      // Whoever hears it gets the amounts whole.
      const whole = (minor: number) => (minor / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      await expect(slider).toHaveAttribute("aria-valuetext", new RegExp(whole(before)));
      await expect(slider).toHaveAttribute("aria-valuetext", new RegExp(whole(floor)));

      await ask("split.menu_floor");
      await expect(field, "it opens with the bound there is").not.toHaveValue("");
      expect(Number((await field.inputValue()).replaceAll(",", "")) * 100).toBeCloseTo(floor, 0);
      await page.keyboard.press("Escape");
      await expect(field).toHaveCount(0);
      // The menu it was opened from has the focus again.
      await expect(row.getByRole("menuitem", { name: words("split.menu_floor") })).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(page.locator(".row-menu")).toHaveCount(0);
      await expect(row).toBeFocused();

      await slider.focus();
      await page.keyboard.press("Home");
      await expect.poll(() => minor(), "Home is the floor").toBe(floor);

      const cell = row.locator(".amount.of-period").first();
      const cap = await minor(cell);
      await cell.click({ button: "right" });
      await cell.getByRole("menuitem", { name: words("split.menu_cap") }).click();
      await expect(field).toHaveValue("");
      await field.fill(String(cap / 100));
      await field.press("Enter");
      await expect(cell.locator('.bound[data-bound="cap"]')).toHaveAttribute("data-at", String(cap));
      await picture(page, `bounds-1-marks-${language}`);

      await ask("split.menu_floor");
      await page.locator("dialog[open]").getByRole("button", { name: words("split.bound_remove"), exact: true }).click();
      await expect(mark).toHaveCount(0);
      await saved(page);
    });

    test("a drag stops at the cap, the row flashes and the reason is said once", async ({ page, words, picture }) => {
      await enter(page, words, "planner");
      await newDraft(page, words);
      const row = page.locator(".grid .tr[data-node]").nth(1);
      const total = row.locator(".amount.total");
      await expect(total).toBeVisible();
      const before = Number(await total.getAttribute("data-minor"));
      await row.focus();
      await page.keyboard.press("Enter");
      await row.getByRole("menuitem", { name: words("split.menu_cap") }).click();
      const field = page.locator("dialog[open] input[name=bound]");
      await field.fill(String(before / 100));
      await field.press("Enter");
      await expect(total.locator('.bound[data-bound="cap"]')).toHaveCount(1);

      const to = await grip(page, row, 25);
      const said = page.locator("[data-said=stopped]");
      await expect(said).not.toBeEmpty();
      await expect(said).toHaveAttribute("aria-live", "polite");
      await expect(row).toHaveClass(/blocking/);
      const first = await said.textContent();
      await picture(page, `bounds-2-stopped-${language}`);
      await to(60);
      await expect(said, "once, however far the pointer goes").toHaveText(first ?? "");
      await page.mouse.up();
      await expect(page.locator(".toast").first()).toBeVisible();
      expect(Number(await total.getAttribute("data-minor"))).toBe(before);
    });

    test("what the hedge pool holds moves with the handle", async ({ page, words, picture }) => {
      await enter(page, words, "planner");
      await newDraft(page, words);
      const row = page.locator(".grid .tr[data-node]").nth(1);
      await expect(row).toBeVisible();
      const mode = page.locator(".tools .seg button", { hasText: words("split.give_hedge") }).first();
      // A press before the page is alive is lost.
      await expect(async () => {
        await mode.click();
        await expect(mode).toHaveAttribute("aria-pressed", "true", { timeout: 1_000 });
      }).toPass();
      const strip = page.locator(".head [data-figure=hedge]");
      const pool = async () => Number(await strip.getAttribute("data-minor"));
      const before = await pool();
      const to = await grip(page, row, 10);
      await expect.poll(pool, "before the handle is let go").toBeGreaterThan(before);
      const some = await pool();
      await expect(page.locator("[data-figure=pool]")).toContainText(/50(\.0)?\s?%/);
      await to(16);
      await expect.poll(pool).toBeGreaterThan(some);
      const more = await pool();
      await picture(page, `bounds-3-pool-${language}`);
      await page.mouse.up();
      await saved(page);
      await expect.poll(pool, "as it was shown").toBe(more);
    });
  });
}
