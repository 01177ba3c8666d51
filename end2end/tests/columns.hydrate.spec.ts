// What stands beside the numbers of the grid: what rows brought before, their chance, the fairness in sight, threads; and an
// address that opens the same view.
import type { Locator } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { SplitGrid, typeOver } from "../pages/split.ts";

test.use({ serving: { demo: true } });

test("rows tell what they brought, and their chance moves with the number", async ({ page, words, picture }) => {
  test.setTimeout(120_000);
  await enter(page, words, "planner");
  await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const glance = page.locator(".glance");

  await test.step("a line with its words, for the rows in sight", async () => {
    await expect(rows.nth(0).locator(".trend svg")).toBeVisible();
    await expect(rows.nth(0).locator(".trend [role=img]")).toHaveAttribute("aria-label", /\d.*%/);
    const asked: number[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/app/split/trends")) asked.push((request.postDataJSON() as { nodes: number[] }).nodes.length);
    });
    // What was told is not asked again.
    await page.locator(".grid").evaluate((grid) => grid.scrollTo(0, 60));
    await page.waitForTimeout(400);
    await page.locator(".grid").evaluate((grid) => grid.scrollTo(0, 0));
    await page.waitForTimeout(400);
    expect(asked.every((count) => count <= 200)).toBe(true);
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  await test.step("the chance and the line over the panels follow a change", async () => {
    const chance = rows.nth(1).locator("[data-figure=chance]");
    await expect(chance).toContainText("%", { timeout: 60_000 });
    await expect(glance.locator("[data-glance=whole]")).toContainText("%");
    const before = await chance.textContent();
    const gini = await glance.locator("[data-glance=gini]").textContent();
    await typeOver(rows.nth(1), "=+20%");
    await expect(chance).not.toHaveText(before ?? "");
    await expect(glance.locator("[data-glance=gini]")).not.toHaveText(gini ?? "");
    // In sight also where the panels are scrolled to their end.
    await page.locator(".beside").evaluate((beside) => beside.scrollTo(0, beside.scrollHeight));
    await expect(glance).toBeInViewport();
    await picture(page, "columns-1-wide");
  });

  await test.step("a row says what the organization calls its level, to screen readers too", async () => {
    const unit = rows.nth(1).locator("[data-level]");
    const level = (await unit.getAttribute("data-level")) ?? "";
    expect(level, "the demo's own units have levels").not.toBe("");
    await expect(unit).toBeVisible();
    // In words of the page's language, where the word is none of the organization's own.
    await expect(unit).not.toHaveText(/^\s*$/u);
    await expect(unit).not.toHaveText(level);
    const person = page.locator(".grid .tr[data-node] [data-level=member]").first();
    await expect(person).not.toHaveText(/^\s*$/u);
    const box = await person.boundingBox();
    expect(box?.width ?? 0, "said, and not shown").toBeLessThanOrEqual(1);
  });

  await test.step("rows are sorted by their chance", async () => {
    const head = page.locator(".th .td.chance");
    await head.locator(".sort").click();
    await expect(head).toHaveAttribute("aria-sort", "descending");
  });

  await test.step("a tablet has no room for the line", async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await expect(rows.nth(0).locator(".trend")).toBeHidden();
  });

  await test.step("on a phone the line stands below the total, and the chance below the percent", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(rows.nth(0).locator(".trend svg")).toBeVisible();
    const [part, chance] = [await rows.nth(0).locator(".td.part").boundingBox(), await rows.nth(0).locator("[data-figure=chance]").boundingBox()];
    expect(Math.abs((chance?.x ?? Infinity) - (part?.x ?? 0)), "in the same column").toBeLessThanOrEqual(1);
    expect(chance?.y ?? 0).toBeGreaterThan(part?.y ?? Infinity);
    await picture(page, "columns-2-narrow");
  });
});

for (const language of ["zh-CN", "en"] as const) {
  test.describe(language, () => {
    test.use({ language, locale: language === "en" ? "en-GB" : language });

    test("on a phone a row and its head have two lines that keep apart", async ({ page, words, picture }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await enter(page, words, "planner");
      await newDraft(page, words);
      const row = page.locator(".grid .tr[data-node]").nth(0);
      const line = row.locator(".trend svg");
      await expect(line).toBeVisible({ timeout: 60_000 });
      await expect(row.locator(".trend [role=img]")).toHaveAttribute("aria-label", /\d.*%/);
      /** Where the lines of words stand; a line is a few pixels higher than its letters. */
      const text = (place: Locator) =>
        place.evaluate((place) => {
          const range = document.createRange();
          range.selectNodeContents(place);
          const { left, right, top, bottom } = range.getBoundingClientRect();
          return { left, right, top, bottom };
        });
      // The style of an open grid comes with it.
      await expect(async () => {
        const [amount, drawn] = [await text(row.locator(".amount.total button")), await line.boundingBox()];
        const [name, bar] = [await row.locator(".td.name").boundingBox(), await row.locator(".share-cell").boundingBox()];
        if (drawn === null || name === null || bar === null) throw new Error("a part of the row is missing");
        expect(drawn.y, "below the amount").toBeGreaterThanOrEqual(amount.bottom - 2);
        expect(drawn.y + drawn.height, "inside the row").toBeLessThanOrEqual(bar.y + bar.height);
        expect(drawn.x, "beside the name").toBeGreaterThanOrEqual(name.x + name.width);
        expect(drawn.x + drawn.width, "in the column of the total").toBeLessThanOrEqual(bar.x);

        const head = page.locator(".grid .th");
        const [percent, chance] = [await text(head.locator(".part .sort")), await text(head.locator(".chance .sort"))];
        const [total, trend] = [await text(head.locator(".total .sort")), await text(head.locator(".trend"))];
        expect(chance.top, "the chance stands below the percent").toBeGreaterThanOrEqual(percent.bottom - 2);
        expect(trend.top, "the line stands below the target").toBeGreaterThanOrEqual(total.bottom - 2);
        for (const { right } of [percent, chance]) expect(right, "nothing is cut").toBeLessThanOrEqual(390);
        expect(chance.left, "beside the bar").toBeGreaterThanOrEqual(bar.x + bar.width);
      }).toPass({ timeout: 20_000 });
      await picture(page, `columns-4-phone-${language}`);
    });
  });
}

test("an address opens the same view", async ({ page, words }) => {
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  await expect(rows.nth(2)).toBeVisible();
  const plain = page.url();
  await page.waitForTimeout(500);
  expect(page.url(), "only looking leaves the address alone").toBe(plain);

  await page.locator(".th .td.total .sort").click();
  await page.locator("select[name=against]").selectOption({ index: 1 });
  await rows.nth(2).locator(".td.name").click();
  await expect(rows.nth(2)).toHaveClass(/selected/);
  const name = (await rows.nth(2).getAttribute("data-name")) ?? "";
  await expect.poll(() => new URL(page.url()).searchParams.get("row")).toMatch(/^(unit|member):/);
  const search = new URL(page.url()).searchParams;
  expect(search.get("version")).toBe(version);
  expect(search.get("sort")).toBe("-total");
  const order = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-name")));
  const against = await page.locator("select[name=against]").inputValue();

  await page.goto(page.url());
  await expect(page.locator(`.grid .tr.selected[data-name="${name}"]`)).toBeVisible();
  await expect(page.locator(".th .td.total")).toHaveAttribute("aria-sort", "descending");
  await expect(page.locator("select[name=against]")).toHaveValue(against);
  expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-name")))).toEqual(order);
  expect(await page.evaluate(() => document.activeElement?.closest(".grid") === null), "the focus stays where it is").toBe(true);

  // What means nothing is left out, and what is not there too.
  await page.goto(`/split?version=${version}&sort=sideways&rows=none&against=x&row=unit:nowhere&card=1999&level=galaxy`);
  await expect(rows.nth(2)).toBeVisible();
  await expect(page.locator(".th [aria-sort=descending], .th [aria-sort=ascending]")).toHaveCount(0);
  await expect(page.locator("dialog[open]")).toHaveCount(0);
});

test("a number that is negotiated is marked, and the mark leads to the thread", async ({ page, phone, words, picture }) => {
  test.setTimeout(120_000);
  const rep = await phone();
  await enter(rep, words, "rep");
  await rep.goto("/my-target");
  const number = Number(await rep.locator(".my-target").getAttribute("data-minor"));
  const form = rep.locator("details.counter");
  await form.locator("summary").click();
  await form.locator("input[name=amount]").fill(String(Math.floor((number * 0.9) / 100)));
  await form.locator("textarea").fill("区域缩小了");
  await form.getByRole("button", { name: words("my_target.counter_send") }).click();
  const own = rep.locator(".own-talks .talk");
  await expect(own).toHaveAttribute("data-status", "open");
  const name = ((await own.locator("header b").textContent()) ?? "").split(" · ")[0] ?? "";

  await enter(page, words, "planner");
  await page.goto("/split");
  await new SplitGrid(page).reveal(name);
  const mark = page.locator(`.grid .tr[data-name="${name}"] .talk-mark`);
  await expect(mark).toHaveAttribute("aria-label", words("rows.talk", { name }));
  await expect(page.locator(".grid .talk-mark")).toHaveCount(1);
  // Folded, the list opens at the thread.
  const talks = page.locator(".talks");
  await talks.locator("summary").first().click();
  await expect(talks.locator(".talk")).toBeHidden();
  await mark.click();
  await expect(talks.locator(".talk")).toBeFocused();
  await picture(page, "columns-3-talk");
});

test("the largest totals have room in their column", async ({ page, words, picture }) => {
  await enter(page, words, "planner");
  await page.goto("/set/target");
  const period = page.locator("select[name=period]");
  const names = await period.locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  await period.selectOption(names.filter((name) => /^\d{4}$/.test(name)).sort().at(-1) ?? "");
  // 9,876 亿: the largest that is still written in 万.
  await page.getByLabel(words("target.total"), { exact: true }).fill("987,654,321,000");
  await page.getByRole("button", { name: words("target.create") }).click();
  await expect(page).toHaveURL(/\/split\?version=/);
  const top = page.locator(".grid .tr[data-node]").first();
  await expect(top.locator(".amount.total")).toBeVisible();
  // The style of an open grid comes with it.
  await expect(async () => {
    const widths = await top.locator(".amount").evaluateAll((cells) =>
      cells.map((cell) => {
        const text = document.createRange();
        text.selectNodeContents(cell.querySelector("button") ?? cell);
        return { cell: Math.round(cell.getBoundingClientRect().width), text: Math.ceil(text.getBoundingClientRect().width) };
      }),
    );
    expect(widths.length).toBeGreaterThan(1);
    for (const { cell, text } of widths) expect(text, "with its padding").toBeLessThanOrEqual(cell - 16);
    const head = await page.locator(".grid .th .td.total").boundingBox();
    expect(Math.round(head?.width ?? 0), "the head is as wide").toBe(widths[0]?.cell);
  }).toPass({ timeout: 20_000 });
  await picture(page, "columns-wide");
});
