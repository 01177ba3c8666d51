// Why a number is what it is: steps that sum to it, the formula, the comparison with peers, what more open deals
// or another weight would give.
import { expect, test } from "../fixtures/attain.ts";
import type { Locator } from "@playwright/test";
import { enter, newDraft } from "../pages/company.ts";
import { saved } from "../pages/split.ts";

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

test("what stands beside an amount explains itself too, and a change says why", async ({ page, words, picture }) => {
  test.setTimeout(180_000);
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const dialog = page.locator("dialog.side[open]");
  const card = dialog.locator(".why");
  const close = async () => {
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  };

  await test.step("a reason in one line goes with the next change and is read on its card", async () => {
    await expect(rows.nth(1)).toBeVisible();
    await page.locator("input[name=change-reason]").fill("大客户续约");
    const number = rows.nth(1).locator(".amount.total");
    const was = Number(await number.getAttribute("data-minor"));
    await rows.nth(1).focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("=+1%");
    await page.keyboard.press("Enter");
    await expect.poll(async () => Number(await number.getAttribute("data-minor"))).toBeGreaterThan(was);
    await saved(page);
    await number.getByRole("button").click();
    await expect(card.locator("li.step", { hasText: "大客户续约" })).toBeVisible();
    expect(await total(card)).toBe(Number(await number.getAttribute("data-minor")));
    await close();
    await page.locator("input[name=change-reason]").fill("");
  });

  await test.step("share, change and chance lead to the card of the total, each with what it rests on first", async () => {
    const row = rows.nth(1);
    const amount = Number(await row.locator(".amount.total").getAttribute("data-minor"));
    const told = dialog.locator("[data-part=beside] [data-beside]");
    for (const figure of ["share", "change", "chance"]) {
      const cell = row.locator(`[data-figure=${figure}]`);
      await expect(cell).toContainText(/\d/, { timeout: 60_000 });
      await cell.getByRole("button").click();
      await expect(told.first()).toHaveAttribute("data-beside", figure);
      await expect(told.first()).toHaveAttribute("aria-current", "true");
      await expect(told).toHaveCount(3);
      const value = told.first().locator("b");
      if (figure === "change") await expect(value).toHaveText(/^\+.*%/);
      else await expect(value).toHaveText((await cell.innerText()).trim());
      await expect(told.first().locator("p.muted")).toContainText(/\d/);
      expect(await total(card)).toBe(amount);
      if (figure === "chance") await picture(page, "why-beside");
      await close();
    }
    await row.locator(".amount.total").getByRole("button").click();
    await expect(told.first()).toHaveAttribute("data-beside", "share");
    await expect(dialog.locator("[data-beside][aria-current]")).toHaveCount(0);
    await close();
  });

  await test.step("what a cell is held against", async () => {
    const cell = rows.nth(1).locator(".amount[data-period='0']");
    await page.locator("select[name=against]").selectOption("history");
    await cell.locator("button.vs").click();
    const held = await total(card);
    expect(held).toBeGreaterThan(0);
    await picture(page, "why-4-last-year");
    await close();
    await page.locator("select[name=against]").selectOption("record");
    await cell.locator("button.vs").click();
    await expect(card.locator("[data-part=formula]")).toBeVisible();
    await total(card);
    await close();
    await page.locator("select[name=against]").selectOption("start");
  });

  await test.step("a line of a row: the second click on it, not the first", async () => {
    await page.locator("select[name=columns]").selectOption("product");
    const line = rows.nth(1).locator(".td.line").first();
    await expect(line).toHaveAttribute("data-minor", /\d/, { timeout: 60_000 });
    await line.click();
    await page.waitForTimeout(500);
    await expect(dialog).toHaveCount(0);
    await line.click();
    expect(await total(card)).toBe(Number(await line.getAttribute("data-minor")));
    await picture(page, "why-5-line");
    await close();
  });

  await test.step("both amounts of a row in Approval, and its periods", async () => {
    await page.goto(`/set/approval?version=${version}`);
    const row = page.locator("[data-card=numbers] tr[data-node]").first();
    const is = row.locator("button[data-why=this]");
    await expect(async () => {
      if (!(await card.isVisible())) await is.click({ timeout: 2_000 });
      await expect(card).toBeVisible({ timeout: 5_000 });
    }).toPass();
    const whole = await total(card);
    expect(whole).toBe(Number(await row.locator("td:has(button[data-why=this])").getAttribute("data-minor")));
    await dialog.locator("select[name=why-period]").selectOption("0");
    // The card of the whole gives way to that of the period.
    await expect(async () => expect(await total(card)).toBeLessThan(whole)).toPass();
    await close();
    await row.locator("button[data-why=record]").click();
    expect(await total(card)).toBe(Number(await row.locator("td[data-record]").getAttribute("data-record")));
    await picture(page, "why-6-approval");
  });

  await test.step("a line of the own number", async () => {
    await enter(page, words, "rep");
    await page.goto("/my-target");
    const line = page.locator(".my-target [data-own-lines] li").first();
    await expect(async () => {
      if (!(await card.isVisible())) await line.getByRole("button").click({ timeout: 2_000 });
      await expect(card.last()).toBeVisible({ timeout: 5_000 });
    }).toPass();
    expect(await total(card)).toBe(Number(await line.getAttribute("data-minor")));
  });
});
