// Typing into the grid: what a number comes to is said while it is typed, a refusal names what stands in the way and offers to
// release it, and the first periods are in sight beside the panels.
import type { Locator } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { saved } from "../pages/split.ts";

test.use({ serving: { demo: true } });

/** By how much what is chosen in a list is wider than its place; nothing is cut where that is not above zero. */
const cut = (list: Locator) =>
  list.evaluate((list: HTMLSelectElement) => {
    const style = getComputedStyle(list);
    const pen = document.createElement("canvas").getContext("2d");
    if (pen === null) throw new Error("no canvas");
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const words = pen.measureText(list.selectedOptions[0]?.text ?? "").width;
    return words - (list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
  });

for (const language of ["zh-CN", "en"] as const) {
  test.describe(language, () => {
    test.use({ language, locale: language === "en" ? "en-GB" : language });

    test("what is typed is spelled out below the field", async ({ page, words, picture }) => {
      await enter(page, words, "planner");
      await newDraft(page, words);
      const total = page.locator(".grid .tr[data-node]").nth(1).locator(".amount.total");
      const echo = page.locator("[data-echo]");
      await expect(total).toBeVisible();
      const before = await total.getAttribute("data-minor");
      await total.dblclick();
      const field = total.locator("input");
      await expect(field).toBeFocused();
      await expect(field).toHaveAccessibleDescription(/^= /);
      expect(await field.evaluate((input) => input.scrollWidth - input.clientWidth), "nothing of it is cut").toBeLessThanOrEqual(0);

      await field.fill("400");
      await expect(echo).toHaveText(/^= (¥400\.00 · 0\.40 K|400\.00 元 · 0\.04 万)$/);
      await picture(page, `typing-1-${language}`);
      await field.fill("400万");
      await expect(echo).toHaveText(/^= (¥4,000,000\.00 · 4,000\.00 K|4,000,000\.00 元 · 400\.00 万)$/);
      await field.fill("=A*");
      await expect(echo).toBeEmpty();
      await field.fill("abc");
      await expect(echo).toHaveAttribute("data-echo", "wrong");
      await page.keyboard.press("Escape");
      await expect(echo).toHaveCount(0);
      expect(await total.getAttribute("data-minor")).toBe(before);
    });

    test("no list among the tools is cut at a desk", async ({ page, words, picture }) => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await enter(page, words, "planner");
      await newDraft(page, words);
      const tools = page.locator(".workplace > .tools");
      await expect(tools.locator("select[name=against]")).toBeVisible();
      await expect(tools.locator("select[name=columns]")).toBeVisible();
      const whole = async (most: number) => {
        // The style of an open grid comes with it.
        await expect.poll(async () => (await tools.boundingBox())?.height ?? Infinity).toBeLessThan(most);
        expect(await tools.evaluate((tools) => tools.scrollWidth - tools.clientWidth), "nothing goes to the side").toBeLessThanOrEqual(0);
        for (const list of await tools.locator("select").all()) {
          const name = await list.getAttribute("name");
          expect(await cut(list), `what is chosen in ${name} is read whole`).toBeLessThanOrEqual(1);
          const box = await list.boundingBox();
          expect((box?.x ?? 0) + (box?.width ?? Infinity), name ?? "").toBeLessThanOrEqual(1440);
        }
      };
      await whole(60);
      await picture(page, `typing-5-tools-${language}`);
      await tools.locator("select[name=keep]").selectOption("column");
      await tools.locator("select[name=only]").selectOption("uneven");
      // The longest choices of two lists at once may take a second line.
      await whole(96);
      await picture(page, `typing-6-tools-long-${language}`);
    });

    test("locks in the way are named, and released where one wants it", async ({ page, words, picture }) => {
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
      const total = regions.nth(0).locator(".amount.total");
      const minor = async () => Number(await total.getAttribute("data-minor"));
      const before = await minor();
      await total.dblclick();
      await total.locator("input").fill("=+1%");
      await page.keyboard.press("Enter");
      const toast = page.locator(".toast").first();
      await expect(toast).toContainText(words("split.unlock_enough"));
      expect(await minor()).toBe(before);
      await picture(page, `typing-2-${language}`);
      await toast.getByRole("button", { name: words("split.unlock_and_do") }).click();
      await expect.poll(minor).toBeGreaterThan(before);
      await saved(page);
    });

    test("on a phone nothing of the workplace is cut", async ({ page, words, picture }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await enter(page, words, "planner");
      await page.goto("/split");
      const branch = page.getByRole("button", { name: words("split.new_draft") });
      await expect(branch).toBeVisible();
      const beside = await branch.evaluate((branch) => {
        const own = branch.getBoundingClientRect();
        const others = [...(branch.parentElement?.children ?? [])].filter((other) => other !== branch);
        return others.filter((other) => {
          const box = other.getBoundingClientRect();
          return box.width > 0 && box.top < own.bottom && box.bottom > own.top;
        }).length;
      });
      expect(beside, "it does not stand on a line of its own").toBeGreaterThan(0);
      await picture(page, `typing-3-${language}`);
      await branch.click();
      await expect(page).toHaveURL(/version=/);
      // The plan it was made of stays in sight until the draft has come.
      await expect(branch).toHaveCount(0);
      const row = page.locator(".grid .tr[data-node]").first();
      await expect(row).toBeVisible();
      const percent = await row.locator(".td.part").boundingBox();
      expect((percent?.x ?? Infinity) + (percent?.width ?? 0)).toBeLessThanOrEqual(390);
      const tools = page.locator(".workplace > .tools");
      const whole = async () => {
        expect(await tools.evaluate((tools) => tools.scrollWidth - tools.clientWidth)).toBeLessThanOrEqual(0);
        for (const control of await tools.locator("button:visible, select:visible, .seek:visible").all()) {
          const [box, name] = [await control.boundingBox(), await control.evaluate((control) => control.outerHTML.slice(0, 90))];
          expect(box?.x ?? -1, name).toBeGreaterThanOrEqual(0);
          expect((box?.x ?? 0) + (box?.width ?? Infinity), name).toBeLessThanOrEqual(390);
          expect(box?.width ?? 0, name).toBeGreaterThanOrEqual(44);
        }
        for (const list of await tools.locator("select:visible").all()) {
          expect(await cut(list), `what is chosen in ${await list.getAttribute("name")} is read whole`).toBeLessThanOrEqual(1);
        }
      };
      await whole();
      await expect(tools.locator("select[name=only]")).toBeHidden();
      const more = tools.getByRole("button", { name: words("split.more_tools") });
      await more.click();
      await expect(more).toHaveAttribute("aria-expanded", "true");
      await whole();
      await picture(page, `typing-4-${language}`);
      await tools.locator("select[name=only]").selectOption("locked");
      await more.click();
      await expect(tools.locator("select[name=only]"), "what leaves rows out stays in sight").toBeVisible();
    });
  });
}

test("what is no amount stays in its cell with the reason", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const total = (row: number) => rows.nth(row).locator(".amount.total");
  const minor = async (row: number) => Number(await total(row).getAttribute("data-minor"));
  await expect(total(1)).toBeVisible();
  const before = await minor(1);
  const field = total(1).locator("input");

  await total(1).dblclick();
  await field.fill("a lot");
  await expect(field).not.toHaveAttribute("aria-invalid", "true");
  await page.keyboard.press("Enter");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("a lot");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(/\S/);
  expect(await minor(1)).toBe(before);

  // Somebody goes on elsewhere: it stays, with the reason.
  await rows.nth(0).locator(".td.name").click();
  await expect(field).not.toBeFocused();
  await expect(field).toHaveValue("a lot");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await picture(page, "typing-3-kept");

  // A formula that comes to no number is no different; right, it is taken over.
  await field.fill("=A/0");
  await field.press("Enter");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await field.fill("=A*1.01");
  await expect(field).not.toHaveAttribute("aria-invalid", "true");
  await field.press("Enter");
  await expect(field).toHaveCount(0);
  await expect.poll(() => minor(1)).toBeGreaterThan(before);

  // Escape gives it up.
  const now = await minor(1);
  await total(1).dblclick();
  await field.fill("nothing");
  await rows.nth(0).locator(".td.name").click();
  await expect(field).toHaveValue("nothing");
  await field.focus();
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
  expect(await minor(1)).toBe(now);
});

test("two periods are in sight beside the panels, on one line of tools", async ({ page, words }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, words, "planner");
  await newDraft(page, words);
  const second = page.locator(".grid .tr[data-node]").first().locator(".amount[data-period='1']");
  await expect(second).toBeVisible();
  const [grid, cell] = [await page.locator(".grid").boundingBox(), await second.boundingBox()];
  expect((cell?.x ?? Infinity) + (cell?.width ?? 0)).toBeLessThanOrEqual((grid?.x ?? 0) + (grid?.width ?? 0));
  expect((await page.locator(".workplace > .tools").boundingBox())?.height ?? Infinity).toBeLessThan(60);
  // Rows and panels scroll; the page has nothing beyond them.
  await expect(page.locator("[data-glance=whole]")).toContainText("%", { timeout: 60_000 });
  expect(await page.locator("main").evaluate((main) => main.scrollHeight - main.clientHeight)).toBe(0);
});

test("on a phone the folded panels stand in one line", async ({ page, words }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(page, words, "planner");
  await newDraft(page, words);
  await expect(page.locator(".grid .tr[data-node]").nth(1)).toBeVisible();
  const beside = page.locator(".beside");
  for (const panel of await beside.locator("details.panel[open]").all()) await panel.locator(":scope > summary").click();
  // Fairness stands over them, in a line of its own.
  await expect(beside.locator("[data-glance=whole]")).toContainText("%", { timeout: 60_000 });
  const glance = async () => (await beside.locator(".glance").boundingBox())?.height ?? 0;
  expect(await glance()).toBeLessThan(32);
  await expect.poll(async () => ((await beside.boundingBox())?.height ?? Infinity) - (await glance())).toBeLessThan(60);
  const tops = await beside.locator("> .panel").evaluateAll((panels) => panels.map((panel) => Math.round(panel.getBoundingClientRect().top)));
  expect(new Set(tops).size).toBe(1);
  // It begins with the whole, and nothing but the rows and the tools goes to the side.
  expect(await page.locator(".grid").evaluate((grid) => grid.scrollTop)).toBe(0);
  expect(await page.locator("main").evaluate((main) => [main.scrollLeft, main.scrollWidth - main.clientWidth])).toEqual([0, 0]);
});

test("a published version begins with the whole on a phone, and shows nothing that cannot be done with it", async ({ page, words }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await enter(page, words, "planner");
  await page.goto("/split");
  const rows = page.locator(".grid .tr[data-node]");
  await expect(rows.nth(1)).toBeVisible();
  await expect(page.locator(".answers")).toBeVisible();
  expect(await page.locator(".grid").evaluate((grid) => grid.scrollTop)).toBe(0);
  await expect(rows.first().locator(".td.name")).toBeInViewport({ ratio: 0.9 });
  const tools = page.locator(".workplace > .tools");
  await expect(tools.getByRole("button", { name: words("split.give_hedge") })).toHaveCount(0);
  await expect(tools.getByRole("button", { name: words("split.undo") })).toHaveCount(0);
  expect((await tools.boundingBox())?.height ?? Infinity, "one line").toBeLessThan(60);
});

test("a window that grows is filled with rows without scrolling", async ({ page, words }) => {
  await page.setViewportSize({ width: 1440, height: 480 });
  await enter(page, words, "planner");
  await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const all = Number(await page.locator(".grid").getAttribute("aria-rowcount")) - 1;
  await expect(rows.nth(1)).toBeVisible();
  expect(await rows.count(), "not all of them are in the page at first").toBeLessThan(all);
  await page.setViewportSize({ width: 1440, height: 2_000 });
  await expect(rows).toHaveCount(all);
  await expect(rows.last()).toBeInViewport();
});
