// Why a number is what it is: steps that sum to it, the formula, the comparison with peers, what more open deals
// or another weight would give.
import { expect, test } from "../fixtures/attain.ts";
import type { Locator } from "@playwright/test";
import { enter } from "../pages/company.ts";

test.use({ serving: { demo: true } });

/** The total of a card, which its steps must sum to. */
async function total(card: Locator): Promise<number> {
  const figure = card.locator("[data-figure=why-total]");
  await expect(figure).toBeVisible();
  const steps = await card.locator("li.step").evaluateAll((steps) => steps.map((step) => Number(step.getAttribute("data-minor"))));
  const shown = Number(await figure.getAttribute("data-minor"));
  expect(steps.reduce((sum, step) => sum + step, 0)).toBe(shown);
  return shown;
}

/** It begins with the open deals; more history gives more; back at none there is no difference. */
async function tryOut(card: Locator): Promise<void> {
  const part = card.locator("[data-part=what-if]");
  await part.locator("summary").click();
  const found = part.locator("[data-figure=what-if]");
  await expect(found).toHaveAttribute("data-change", "20");
  // The deals do not count in the sample company's formula: that is said, and what it does to the chance.
  await expect(found).toHaveAttribute("data-difference", "0");
  await expect(part.locator("[data-part=no-pipeline]")).toBeVisible();
  const open = Number(await found.getAttribute("data-open"));
  const grown = Number(await found.getAttribute("data-grown"));
  expect(grown).toBe(Math.trunc((open * 120) / 100));
  await expect(part.locator("[data-part=chances], [data-part=no-chance]")).toBeVisible();
  await part.locator("select").selectOption("history");
  await expect(found).not.toHaveAttribute("data-open", /./);
  expect(Number(await found.getAttribute("data-difference"))).toBeGreaterThan(0);
  const slider = part.locator("input[type=range]");
  await slider.focus();
  for (let step = 0; step < 4; step += 1) await slider.press("ArrowLeft");
  await expect(found).toHaveAttribute("data-change", "0");
  await expect(found).toHaveAttribute("data-difference", "0");
  await slider.press("ArrowRight");
  await expect(found).toHaveAttribute("data-change", "5");
}

test("every number explains itself @matrix", async ({ page, words, picture }) => {
  test.setTimeout(120_000);
  await test.step("who plans asks why", async () => {
    await enter(page, words, "planner");
    await page.goto("/split");
    const number = page.locator(".grid .tr[data-node]").nth(1).locator(".amount.total");
    await expect(number).toBeVisible();
    const shown = Number(await number.getAttribute("data-minor"));
    const card = page.locator("dialog.side[open] .why");
    // The click is heard once the grid is there.
    await expect(async () => {
      if (!(await card.isVisible())) await number.getByRole("button").click({ timeout: 2_000 });
      await expect(card).toBeVisible({ timeout: 5_000 });
    }).toPass();
    expect(await total(card)).toBe(shown);
    await expect(card.locator("[data-part=formula]")).toContainText(words("why.formula"));
    await expect(card.locator("[data-part=peers]"), "three regions are too few").toContainText(words("why.no_peers"));
    await tryOut(card);
    await picture(page, "why-1-split");
  });

  await test.step("who carries a number asks the same, also of a period", async () => {
    await enter(page, words, "rep");
    await page.goto("/my-target");
    const target = page.locator(".my-target").first();
    const card = target.locator(".card .why");
    expect(await total(card)).toBe(Number(await target.getAttribute("data-minor")));
    await expect(card.locator("[data-part=peers]")).toContainText(words("why.peers_unknown"));
    const signs = card.locator("[data-part=expression]");
    await signs.locator("summary").click();
    await expect(signs.locator("code"), "the formula is readable by who carries the number").toContainText("x = T · (");
    const places = await card.locator("[data-above]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-above"))));
    expect(places.length).toBeGreaterThan(0);
    for (const place of places) expect(place % 5).toBe(0);
    await tryOut(card);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, "the page does not scroll sideways").toBeLessThanOrEqual(0);
    await picture(page, "why-2-own");
    const period = target.locator(".periods button").first();
    await period.click();
    const dialog = page.locator("dialog.side[open] .why");
    expect(await total(dialog)).toBe(Number(await period.getAttribute("data-minor")));
    await picture(page, "why-3-period");
  });
});
