// Floor, target, stretch and challenge: decided beside the grid, shown in it, on a row's card and on the own number.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { saved, typeOver } from "../pages/split.ts";

test.use({ serving: { demo: true } });

/** On a phone what is shown is chosen below a button. */
async function unfoldTools(page: Page): Promise<void> {
  const more = page.locator("button.more-tools");
  if ((await more.isVisible()) && (await more.getAttribute("aria-expanded")) === "false") await more.click();
}

/** Folds them again: what is done next is done in the panels below the rows. */
async function foldTools(page: Page): Promise<void> {
  const more = page.locator("button.more-tools");
  if ((await more.isVisible()) && (await more.getAttribute("aria-expanded")) === "true") await more.click();
}

test("levels are decided once, follow the target in every cell, and are only read there @matrix", async ({ page, words, watch, picture }) => {
  test.setTimeout(120_000);
  await enter(page, words, "planner");
  await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const minors = () => rows.locator(".amount.total").evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-minor") ?? "NaN")));
  await expect(rows.nth(1).locator(".amount.total")).toBeVisible();
  const target = await minors();
  const [atFirst = 0] = target;
  const panel = page.locator("[data-panel=levels]");
  const shown = page.locator("[data-part=level-switch] button");

  await test.step("nothing but the target was decided: there is nothing to switch", async () => {
    await expect(shown).toHaveCount(0);
    // Fairness takes its line above the panels once it is known: what is pressed meanwhile moves away from under the hand.
    await expect(page.locator("[data-glance=whole]")).toContainText("%", { timeout: 60_000 });
    await panel.locator("summary").click();
    await expect(panel.locator("tr[data-level=target]")).toHaveAttribute("data-minor", String(target[0]));
  });

  await test.step("what is no ratio is said and nothing is saved; then two levels are decided", async () => {
    const floor = panel.locator("input[name=row-level-floor]");
    await floor.fill("much");
    await panel.getByRole("button", { name: words("target.levels_save"), exact: true }).click();
    await expect(panel.locator("[role=alert]")).toContainText("much");
    await floor.fill("90 %");
    await panel.locator("input[name=row-level-stretch]").fill("110%");
    const save = panel.getByRole("button", { name: words("target.levels_save"), exact: true });
    await save.focus();
    await page.keyboard.press("Enter");
    await expect(panel.locator("tr[data-level=floor]")).toHaveAttribute("data-minor", /\d/);
    await expect(panel.locator("tr[data-level=stretch]")).toHaveAttribute("data-minor", /\d/);
    await expect(save).not.toHaveAttribute("aria-busy", "true");
    await expect(save, "the keyboard goes on where it was").toBeFocused();
    await unfoldTools(page);
    await expect(shown).toHaveCount(3);
    const width = page.viewportSize()?.width ?? 0;
    if (width >= 1440) expect((await page.locator(".workplace > .tools").boundingBox())?.height ?? Infinity, "still one line").toBeLessThan(60);
    await expect(panel.locator("tr[data-level=stretch]")).toHaveAttribute("data-minor", /\d/);
  });

  await test.step("the switch shows the stretch: the rows below sum to the whole", async () => {
    await shown.nth(2).click();
    const note = page.locator("[data-part=level-note]");
    await expect(note).toBeVisible();
    if ((page.viewportSize()?.width ?? 0) < 720) {
      const { words, whole, below } = await note.evaluate((note) => {
        const back = note.querySelector("button");
        const text = document.createRange();
        text.selectNodeContents(note);
        if (back) text.setEndBefore(back);
        const said = text.getBoundingClientRect();
        return { words: said.width, whole: note.clientWidth, below: (back?.getBoundingClientRect().top ?? 0) - said.bottom };
      });
      expect(words, "on a phone the note has the whole width").toBeGreaterThan(whole * 0.75);
      expect(below, "what can be done about it stands below").toBeGreaterThanOrEqual(-2);
    }
    const whole = await panel.locator("tr[data-level=stretch]").getAttribute("data-minor");
    await expect(rows.nth(0).locator(".amount.total")).toHaveAttribute("data-minor", whole ?? "");
    expect(Math.abs(Number(whole) - atFirst * 1.1)).toBeLessThan(20);
    const stretch = await minors();
    const own = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute("aria-level"))));
    if (stretch.length > 3 && stretch.every(Number.isFinite)) {
      const below = stretch.filter((_, at) => own[at] === 2);
      const whole = target.filter((_, at) => own[at] === 2).reduce((sum, amount) => sum + amount, 0);
      // Rows out of sight are not in the page: where all of them are, they sum to the last minor unit.
      if (whole === target[0]) expect(below.reduce((sum, amount) => sum + amount, 0)).toBe(stretch[0]);
    }
    await picture(page, "levels-1-stretch");
  });

  await test.step("it cannot be typed into, and a reload shows the same", async () => {
    await rows.nth(0).focus();
    await page.keyboard.press("F2");
    await expect(page.locator(".grid input.edit")).toHaveCount(0);
    await expect(page).toHaveURL(/amounts=stretch/);
    await page.reload();
    await expect(page.locator("[data-part=level-note]")).toBeVisible();
    await expect(rows.nth(0).locator(".amount.total")).toHaveAttribute("data-minor", /\d/);
    await expect.poll(async () => (await minors())[0]).toBeGreaterThan(atFirst);
  });

  await test.step("back at the target it is what it was, and the card of a number tells its levels", async () => {
    await page.locator("[data-part=level-note]").getByRole("button").click();
    await expect.poll(async () => (await minors())[0]).toBe(target[0]);
    const card = page.locator("dialog.side[open]");
    await expect(async () => {
      if (!(await card.isVisible())) await rows.nth(1).locator(".amount.total").getByRole("button").click({ timeout: 2_000 });
      await expect(card.locator("[data-part=levels] li")).toHaveCount(3, { timeout: 5_000 });
    }).toPass();
    const floor = Number(await card.locator("li[data-level=floor]").getAttribute("data-minor"));
    const own = Number(await card.locator("li[data-level=target]").getAttribute("data-minor"));
    expect(own).toBe(target[1]);
    expect(Math.abs(floor - own * 0.9)).toBeLessThan(20);
    await picture(page, "levels-2-card");
    await page.keyboard.press("Escape");
    await expect(card).toHaveCount(0);
  });

  await test.step("a row has a stretch of its own: it is marked, told on its card, and goes back to the plan's ratio", async () => {
    await rows.nth(1).focus();
    await expect(rows.nth(1)).toHaveClass(/selected/);
    const own = panel.locator("input[name=own-level-stretch]");
    // The reload folded the panel.
    await expect(async () => {
      if (!(await own.isVisible())) await panel.locator("summary").first().click();
      await expect(own).toBeVisible({ timeout: 2_000 });
    }).toPass();
    const save = panel.getByRole("button", { name: words("levels.own_save"), exact: true });
    // Below the target: refused, and said of which row.
    watch.expect(/status of 409/);
    await own.fill("90 %");
    await save.click();
    await expect(panel.locator("[data-part=own-levels] [role=alert]")).toContainText((await rows.nth(1).getAttribute("data-name")) ?? "?");
    await own.fill("130 %");
    await save.focus();
    await page.keyboard.press("Enter");
    await expect(panel.locator("p[data-own=stretch]")).toContainText("130 %");
    await expect(save, "the keyboard goes on where it was").toBeFocused();
    const whole = Number(target[1]) * 1.3;
    await expect.poll(async () => Math.abs(Number(await panel.locator("tr[data-level=stretch]").getAttribute("data-minor")) - whole)).toBeLessThan(20);
    await unfoldTools(page);
    await shown.nth(2).click();
    await expect(rows.nth(1)).toContainText(words("levels.own_mark"));
    await expect(rows.nth(0)).not.toContainText(words("levels.own_mark"));
    await picture(page, "levels-4-own-row");
    await page.locator("[data-part=level-note]").getByRole("button").click();
    await foldTools(page);
    await panel.getByRole("button", { name: words("levels.own_back"), exact: true }).click();
    await expect(panel.locator("p[data-own=stretch]")).toHaveCount(0);
    await expect.poll(async () => Math.abs(Number(await panel.locator("tr[data-level=stretch]").getAttribute("data-minor")) - Number(target[1]) * 1.1)).toBeLessThan(20);
  });

  await test.step("a level that the target has overtaken is not shown, and why is said", async () => {
    await foldTools(page);
    await rows.nth(0).focus();
    const stretch = panel.locator("input[name=row-level-stretch]");
    // The reload folded the panel.
    await expect(async () => {
      if (!(await stretch.isVisible())) await panel.locator("summary").first().click();
      await expect(stretch).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await stretch.fill(String(atFirst / 100));
    await panel.getByRole("button", { name: words("target.levels_save"), exact: true }).click();
    await expect(panel.locator("tr[data-level=stretch]")).toHaveAttribute("data-minor", String(target[0]));
    await page.getByRole("button", { name: words("split.give_parent"), exact: true }).click();
    await typeOver(rows.nth(1), "=+10%");
    await expect.poll(async () => (await minors())[0]).toBeGreaterThan(atFirst);
    await saved(page);
    watch.expect(/status of 409/);
    await unfoldTools(page);
    await shown.nth(2).click();
    await expect(page.locator("[data-part=level-note] [data-figure=level-fault]")).not.toBeEmpty();
    await page.locator("[data-part=level-note]").getByRole("button").click();
    await expect(page.locator("[data-part=level-note]")).toHaveCount(0);
    await expect.poll(async () => (await minors())[0]).toBeGreaterThan(atFirst);
  });
});

test("who carries a number sees how far it came, and who leads reads the formula @matrix", async ({ page, words, picture }) => {
  await test.step("progress on My target", async () => {
    await enter(page, words, "rep");
    await page.goto("/my-target");
    const card = page.locator(".my-target").first().locator("[data-part=levels]");
    await expect(card).toHaveAttribute("data-done", /^-?\d+$/);
    const target = card.locator("li[data-level=target]");
    await expect(target.locator("svg.prog")).toBeVisible();
    await expect(target.locator("[data-figure=level-part]")).toContainText("%");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, "the page does not scroll sideways").toBeLessThanOrEqual(0);
    await picture(page, "levels-3-own");
  });

  await test.step("the formula for who sets no weights", async () => {
    await enter(page, words, "manager");
    await page.goto("/split");
    const panel = page.locator("[data-panel=formula]");
    await panel.locator("summary").first().click();
    await expect(panel.locator("[data-part=formula]")).toContainText(words("why.formula"));
    await panel.locator("[data-part=expression] summary").click();
    await expect(panel.locator("code")).toContainText("x = T · (");
  });
});
