// Splitting with a finger on a phone: a handle is dragged, what is hit is large enough, chance and fairness are in sight, and no tool
// takes the room of rows and panels.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { saved } from "../pages/split.ts";

test.use({ serving: { demo: true } });

for (const language of ["zh-CN", "en"] as const) {
  test.describe(language, () => {
    test.use({ language, locale: language === "en" ? "en-GB" : language });

    test("a finger drags a handle, and everything beside it moves", async ({ phone, words, picture }) => {
      test.setTimeout(120_000);
      const page = await phone();
      await enter(page, words, "planner");
      await newDraft(page, words);
      const rows = page.locator(".grid .tr[data-node]");
      const total = async (row: number) => Number(await rows.nth(row).locator(".amount.total").getAttribute("data-minor"));
      const handle = rows.nth(1).getByRole("slider");
      await expect(handle).toBeVisible();

      await test.step("chance and fairness are in sight", async () => {
        const chance = rows.nth(1).locator("[data-figure=chance]");
        await expect(chance).toContainText("%", { timeout: 60_000 });
        await expect(chance).toBeInViewport({ ratio: 0.9 });
        const strip = page.locator(".glance");
        await expect(strip.locator("[data-glance=whole]")).toContainText("%");
        await expect(strip).toBeInViewport({ ratio: 0.9 });
        expect((await strip.boundingBox())?.height ?? Infinity, "one line").toBeLessThan(32);
        for (const figure of await strip.locator("dd").all()) {
          const box = await figure.boundingBox();
          expect((box?.x ?? 0) + (box?.width ?? Infinity), "nothing of it is cut").toBeLessThanOrEqual(390);
        }
      });

      // The style of an open grid comes with it.
      await expect.poll(async () => Math.round((await handle.boundingBox())?.width ?? 0)).toBeGreaterThanOrEqual(44);
      const box = await handle.boundingBox();
      if (box === null) throw new Error("there is no handle in sight");
      expect(Math.round(box.height)).toBeGreaterThanOrEqual(44);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const finger = await page.context().newCDPSession(page);
      const to = (dx: number, type: "touchStart" | "touchMove") =>
        finger.send("Input.dispatchTouchEvent", { type, touchPoints: [{ x: x + dx, y }] });
      const whole = await total(0);
      const before = await total(1);

      await test.step("while it is dragged the number follows, and the page does not", async () => {
        await to(0, "touchStart");
        for (let dx = 2; dx <= 20; dx += 2) await to(dx, "touchMove");
        await expect(page.locator(".ruler [data-figure=dragged]")).toBeVisible();
        await expect.poll(() => total(1)).toBeGreaterThan(before);
        const ruler = await page.locator(".ruler").boundingBox();
        expect(ruler?.x ?? -1).toBeGreaterThanOrEqual(0);
        expect((ruler?.x ?? 0) + (ruler?.width ?? Infinity)).toBeLessThanOrEqual(390);
        expect(await page.locator(".grid").evaluate((grid) => [grid.scrollLeft, grid.scrollTop])).toEqual([0, 0]);
        await picture(page, `touch-1-drag-${language}`);
        await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      });

      await test.step("what was let go stays, and the whole is the whole", async () => {
        await expect(page.locator(".ruler")).toHaveCount(0);
        expect(await total(1)).toBeGreaterThan(before);
        expect(await total(0)).toBe(whole);
        await saved(page);
      });

      await test.step("a tap on the handle opens the menu below, with items to hit", async () => {
        await handle.tap();
        const menu = page.locator(".row-menu");
        await expect(menu).toBeInViewport({ ratio: 0.9 });
        for (const item of await menu.locator(".item").all()) expect((await item.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
        await picture(page, `touch-2-menu-${language}`);
        await page.keyboard.press("Escape");
        await expect(menu).toHaveCount(0);
      });

      await test.step("the keypad of an amount has the signs of a change", async () => {
        await handle.tap();
        await page.locator(".row-menu").getByRole("menuitem", { name: words("split.menu_set"), exact: true }).tap();
        const field = rows.nth(1).locator("input.edit");
        await expect(field).toBeFocused();
        await expect(field).toHaveAttribute("inputmode", "text");
        const before = await total(1);
        await field.fill("=+1%");
        await page.keyboard.press("Enter");
        await expect(field).toHaveCount(0);
        await expect.poll(() => total(1)).toBe(Math.round((before * 101) / 100));
        await saved(page);
      });

      await test.step("lock, menu and sliders are large enough", async () => {
        for (const button of await rows.nth(1).locator(".td.lock > .icb").all()) {
          const size = await button.boundingBox();
          expect(size?.width ?? 0).toBeGreaterThanOrEqual(44);
          expect(Math.round(size?.height ?? 0)).toBeGreaterThanOrEqual(43);
        }
        await page.locator(".beside details.panel:not(.fairness)").first().evaluate((panel: HTMLDetailsElement) => (panel.open = true));
        for (const slider of await page.locator(".basis input[type=range]:visible").all()) {
          expect((await slider.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
        }
      });
      await page.context().close();
    });

    test("with all tools unfolded three rows and an open panel keep their room", async ({ phone, words, picture }) => {
      test.setTimeout(180_000);
      const page = await phone();
      await enter(page, words, "planner");
      await newDraft(page, words);
      await expect(page.locator(".grid .tr[data-node]").nth(3)).toBeAttached();
      const more = page.locator(".more-tools");
      if ((await more.getAttribute("aria-expanded")) === "false") await more.click();
      await expect(page.locator(".tools select[name=only]")).toBeVisible();
      const panels = page.locator(".beside > details.panel");
      const count = await panels.count();
      expect(count).toBeGreaterThan(2);
      for (const [width, height] of [[390, 844], [360, 740]] as const) {
        await page.setViewportSize({ width, height });
        for (let at = 0; at < count; at += 1) {
          const panel = panels.nth(at);
          await page.locator(".app > main").evaluate((main) => main.scrollTo(0, 0));
          await panel.locator(":scope > summary").click();
          await expect(panel).toHaveAttribute("open", "");
          await expect(page.locator(".beside"), "what was opened comes into sight").toBeInViewport({ ratio: 0.4 });
          // What does not fit the screen is a swipe away, and then rows and panel stand there together.
          const room = () =>
            page.evaluate(() => {
              const place = (selector: string): HTMLElement => {
                const found = document.querySelector<HTMLElement>(selector);
                if (found === null) throw new Error(`there is no ${selector}`);
                return found;
              };
              const [main, grid, beside] = [place(".app > main"), place(".grid"), place(".beside")];
              main.scrollTo(0, main.scrollHeight);
              const head = place(".grid .th").getBoundingClientRect().bottom;
              const [screen, shown, below] = [main, grid, beside].map((part) => part.getBoundingClientRect());
              const rows = [...grid.querySelectorAll(".tr[data-node]")].map((row) => row.getBoundingClientRect());
              return {
                rows: rows.filter((row) => row.top >= head - 2 && row.bottom <= (shown?.bottom ?? 0) + 2 && row.top >= (screen?.top ?? 0)).length,
                panel: Math.min(below?.bottom ?? 0, screen?.bottom ?? 0) - Math.max(below?.top ?? 0, screen?.top ?? 0),
                content: beside.scrollHeight,
                aside: main.scrollWidth - main.clientWidth,
              };
            });
          const wanted = Math.max(200, 0.46 * height) - 2;
          const name = `${(await panel.locator("h2").first().textContent()) ?? ""} at ${width}`;
          await expect.poll(async () => (await room()).rows, name).toBeGreaterThanOrEqual(3);
          await expect.poll(async () => { const now = await room(); return now.panel - Math.min(wanted, now.content); }, name).toBeGreaterThanOrEqual(0);
          expect((await room()).aside, name).toBeLessThanOrEqual(0);
          if (at === 0) await picture(page, `touch-3-room-${width}-${language}`);
          await panel.locator(":scope > summary").click();
          await expect(panel).not.toHaveAttribute("open", "");
        }
        // Folded again they stay in one line, whole.
        const folded = await page.locator(".beside").evaluate((beside) => beside.scrollHeight - beside.clientHeight);
        expect(folded, `folded at ${width}`).toBeLessThanOrEqual(1);
      }
      await page.context().close();
    });
  });
}
