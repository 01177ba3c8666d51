// The weights beside the grid: what they would do is seen before it is done, and a branch can go its own way.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { serious } from "../pages/axe.ts";
import { enter, newDraft } from "../pages/company.ts";
import { speaks } from "../pages/language.ts";
import { settled, unfold } from "../pages/split.ts";

test.use({ serving: { demo: true } });

/** Moves a slider as a hand does, to a percentage. */
const slide = (page: Page, basis: string, percent: number) =>
  page.locator(`input[type=range][name=${basis}]`).evaluate((slider, percent) => {
    (slider as HTMLInputElement).value = String(percent);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, percent);

test("sliders show what they would do, and the plan changes only when asked", async ({ page, words }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  await expect(page.getByRole("button", { name: words("split.publish"), exact: true })).toBeEnabled();
  const panel = page.locator(".panel", { hasText: words("split.bases") }).first();
  const rows = page.locator(".grid .tr[data-node]");
  const saved = page.locator("[data-saved]");
  const amounts = () =>
    rows.locator(".amount.total").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-minor")));
  const before = await amounts();
  const undo = page.getByRole("button", { name: words("split.undo") });

  await test.step("capability moves the rows; nothing is saved", async () => {
    await slide(page, "capability", 100);
    await expect.poll(amounts).not.toEqual(before);
    await expect(saved).toHaveAttribute("data-saved", "true");
    await expect(undo).toBeDisabled();
    await expect(panel.locator("input[name=history]")).toHaveJSProperty("value", "0");
    // Who is there and who begins counts from the first split on.
    await expect(panel.locator("[data-formula] code")).toHaveText("x = T · (1.00 · f·c/Σ(f·c))");
    const [root] = await amounts();
    expect(root, "the whole stays").toBe(before[0]);
  });

  await test.step("a handle that is pressed, or dragged and given up, leaves what is tried in sight", async () => {
    const tried = await settled(amounts);
    const handle = rows.nth(1).getByRole("slider");
    await handle.click();
    await expect(page.getByRole("menu")).toBeVisible();
    expect(await amounts(), "a press changes nothing").toEqual(tried);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
    const box = await handle.boundingBox();
    if (box === null) throw new Error("no handle in sight");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 8, y);
    await expect.poll(amounts, "what is dragged is shown of the plan").not.toEqual(tried);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await expect.poll(amounts).toEqual(tried);
    await expect(undo).toBeDisabled();
  });

  await test.step("discarding puts everything back", async () => {
    await panel.getByRole("button", { name: words("weights.discard") }).click();
    await expect.poll(amounts).toEqual(before);
    await expect(undo).toBeDisabled();
  });

  await test.step("rows that come into sight while it is tried show it too", async () => {
    const branch = rows.nth(1);
    await branch.locator(".td.name").click();
    if ((await branch.getAttribute("aria-expanded")) === "false") await page.keyboard.press("ArrowRight");
    await expect(branch).toHaveAttribute("aria-expanded", "true");
    // The totals right below the branch, and by how much they exceed it: a split keeps that.
    const below = () =>
      rows.evaluateAll((all) => {
        const [, top, ...after] = all.map((row) => ({
          level: Number(row.getAttribute("aria-level")),
          total: Number(row.querySelector(".amount.total")?.getAttribute("data-minor")),
        }));
        const level = top?.level ?? 0;
        const end = after.findIndex((row) => row.level <= level);
        const inside = end < 0 ? after : after.slice(0, end);
        const totals = inside.filter((row) => row.level === level + 1).map((row) => row.total);
        return { totals, over: totals.reduce((sum, total) => sum + total, 0) - (top?.total ?? 0) };
      });
    const start = await below();
    expect(start.totals.length).toBeGreaterThan(1);
    await page.keyboard.press("ArrowLeft");
    await expect(branch).toHaveAttribute("aria-expanded", "false");
    await slide(page, "capability", 100);
    await page.keyboard.press("ArrowRight");
    await expect(branch).toHaveAttribute("aria-expanded", "true");
    await expect.poll(async () => (await below()).totals).not.toEqual(start.totals);
    await expect.poll(async () => (await below()).over).toBe(start.over);
    await panel.getByRole("button", { name: words("weights.discard") }).click();
    await expect.poll(below).toEqual(start);
  });

  await test.step("ways of splitting are scored side by side; one press sets the sliders", async () => {
    const history = panel.locator("[data-preset=history]");
    await expect(panel.locator("[data-preset]").nth(1)).toBeVisible();
    await expect(history.locator("td.num")).toHaveCount(4);
    await history.getByRole("button").click();
    await expect(panel.locator("input[name=history]")).toHaveJSProperty("value", "100");
    await expect.poll(amounts).not.toEqual(before);
    const shown = await settled(amounts);
    await panel.getByRole("button", { name: words("split.apply_bases") }).click();
    await expect(undo).toBeEnabled();
    await expect(saved).toHaveAttribute("data-saved", "true");
    await expect.poll(amounts, "what was shown is what was done").toEqual(shown);
  });

  await test.step("the three ways that did best stand above the sliders; one press takes one over", async () => {
    const best = panel.locator("[data-part=best-ways] [data-best]");
    await expect(best).toHaveCount(3);
    // The order is that of the table: the least misplaced first, and each with the interval it lies in.
    const listed = await best.evaluateAll((ways) => ways.map((way) => way.getAttribute("data-best")));
    const figure = async (preset: string | null) => {
      const text = await panel.locator(`[data-preset=${preset}] td.num`).last().locator("b").textContent();
      return Number.parseFloat(text ?? "");
    };
    const misplaced = [];
    for (const preset of listed) misplaced.push(await figure(preset));
    expect(misplaced).toEqual([...misplaced].sort((a, b) => a - b));
    for (const [at, preset] of listed.entries()) {
      await expect(best.nth(at)).toHaveText(/\d.* – .*\d/u);
      await expect(best.nth(at)).toContainText(String(misplaced[at]));
      expect(preset).not.toBeNull();
    }
    // The sliders are at history; which of the others is among the three is for the past to say.
    const other = listed.find((preset) => preset !== "history") ?? "";
    const way = panel.locator(`[data-best=${other}]`);
    await expect(way).toHaveAttribute("aria-pressed", "false");
    const shown = await settled(amounts);
    // As by keyboard.
    await way.focus();
    await page.keyboard.press("Enter");
    await expect(way).toHaveAttribute("aria-pressed", "true");
    await expect(panel.locator("input[name=history]")).not.toHaveJSProperty("value", "100");
    await expect.poll(amounts).not.toEqual(shown);
    await slide(page, "history", 100);
    await expect(way, "moved away by hand").toHaveAttribute("aria-pressed", "false");
    await panel.getByRole("button", { name: words("weights.discard") }).click();
    await expect.poll(amounts).toEqual(shown);
  });

  await test.step("a branch is split and leaves the others alone", async () => {
    const whole = await amounts();
    const branch = rows.nth(1);
    const name = (await branch.getAttribute("data-name")) ?? "";
    await branch.locator(".td.name").click();
    await panel.locator(".reach").getByRole("button", { name, exact: true }).click();
    await expect(panel.locator("[data-reach]")).not.toHaveAttribute("data-reach", "0");
    await slide(page, "equal", 100);
    await expect.poll(amounts).not.toEqual(whole);
    await panel.getByRole("button", { name: words("split.apply_bases") }).click();
    await expect(saved).toHaveAttribute("data-saved", "true");
    const after = await amounts();
    expect(after[1], "the branch has what it had").toBe(whole[1]);
    const level = async (index: number) => Number(await rows.nth(index).getAttribute("aria-level"));
    const own = await level(1);
    let end = 2;
    while (end < whole.length && (await level(end)) > own) end += 1;
    expect(after.slice(end), "what is beside it stays").toEqual(whole.slice(end));
  });
});

test("after a split that is not taken the sliders show the weights that hold @english", async ({ page, words, watch, language }) => {
  // The server says that there is no such version; it is written as the program reads it.
  watch.expect(/status of 404/);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await enter(page, words, "planner");
  await newDraft(page, words);
  await expect(page.getByRole("button", { name: words("split.publish"), exact: true })).toBeEnabled();
  const panel = page.locator(".panel", { hasText: words("split.bases") }).first();
  const sliders = () =>
    panel.locator("label.basis input[type=range]").evaluateAll((all) => all.map((slider) => (slider as HTMLInputElement).value));
  const amounts = () =>
    page.locator(".grid .tr[data-node] .amount.total").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-minor")));
  await unfold(panel);
  const [held, before] = [await sliders(), await settled(amounts)];
  await slide(page, "capability", 100);
  await expect.poll(amounts).not.toEqual(before);
  expect(await sliders()).not.toEqual(held);
  await expect(panel.getByRole("button", { name: words("split.apply_bases") })).toBeEnabled();
  await speaks(page, language);
  expect(await serious(page, "details.panel[open]")).toEqual([]);
  await page.route("**/api/app/split/change", (route) => route.fulfill({ status: 404, body: Buffer.from([2]) }));
  await panel.getByRole("button", { name: words("split.apply_bases") }).click();
  await expect(page.locator(".toast").first()).toContainText(words("split.refused"));
  await expect.poll(amounts).toEqual(before);
  await expect.poll(sliders).toEqual(held);
  await expect(page.locator("[data-unsaved]"), "it is put aside").toHaveAttribute("data-unsaved", "1");
});

test("what counts by period is a box, and a branch keeps its own weights unless they are given up", async ({ page, words }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  await expect(page.getByRole("button", { name: words("split.publish"), exact: true })).toBeEnabled();
  const panel = page.locator(".panel", { hasText: words("split.bases") }).first();
  const rows = page.locator(".grid .tr[data-node]");
  const saved = page.locator("[data-saved]");
  const undo = page.getByRole("button", { name: words("split.undo") });
  const apply = panel.getByRole("button", { name: words("split.apply_bases") });
  const amounts = () =>
    rows.locator(".amount").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-minor")));

  await test.step("units by their season: seen at once, done when asked, taken back in one step", async () => {
    const season = panel.locator("[data-factor=season]");
    const box = season.getByRole("checkbox");
    await expect(season).toHaveAttribute("data-rows", "3");
    await expect(box).not.toBeChecked();
    const before = await amounts();
    await box.check();
    await expect.poll(amounts).not.toEqual(before);
    await expect(undo).toBeDisabled();
    await expect(panel.locator("[data-formula] code")).toContainText("f·");
    await expect(panel.locator("[data-formula]")).toContainText(words("weights.with_season"));
    const shown = await settled(amounts);
    await apply.click();
    await expect(undo).toBeEnabled();
    await expect(saved).toHaveAttribute("data-saved", "true");
    await expect.poll(amounts, "what was shown is what was done").toEqual(shown);
    await expect(box).toBeChecked();
    await undo.click();
    await expect.poll(amounts).toEqual(before);
    await expect(box).not.toBeChecked();
  });

  await test.step("a branch that was split by its own weights is asked about", async () => {
    const branch = rows.nth(1);
    const name = (await branch.getAttribute("data-name")) ?? "";
    const reach = panel.locator(".reach").first();
    await branch.locator(".td.name").click();
    await reach.getByRole("button", { name, exact: true }).click();
    await slide(page, "equal", 100);
    await apply.click();
    await expect(undo).toBeEnabled();
    await expect(saved).toHaveAttribute("data-saved", "true");
    const split = await settled(amounts);
    await reach.getByRole("button", { name: words("weights.whole_plan"), exact: true }).click();
    const own = panel.locator("[data-own]");
    await expect(own).toHaveAttribute("data-own", "1");
    await expect(own).toContainText(name);
    await expect(own.getByRole("button", { name: words("weights.own_keep") })).toHaveAttribute("aria-pressed", "true");
    await slide(page, "history", 100);
    await expect.poll(amounts).not.toEqual(split);
    const kept = await settled(amounts);
    await own.getByRole("button", { name: words("weights.own_replace") }).click();
    await expect.poll(amounts, "its people would follow the history").not.toEqual(kept);
    await own.getByRole("button", { name: words("weights.own_keep") }).click();
    await expect.poll(amounts).toEqual(kept);
    await apply.click();
    await expect(saved).toHaveAttribute("data-saved", "true");
    await expect.poll(amounts).toEqual(kept);
    await expect(own, "it still has them").toHaveAttribute("data-own", "1");
    await undo.click();
    await expect.poll(amounts, "all of it is one step").toEqual(split);
  });
});
