// Lines as columns of the grid: shown on demand, typed into, pasted, taken back, and seen by others at once.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

const rows = (page: Page) => page.locator(".grid .tr[data-node]");
const cells = (page: Page, row: number) => rows(page).nth(row).locator(".amount.line");
const minors = async (page: Page, row: number) =>
  cells(page, row).evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-minor"))));
const total = async (page: Page, row: number) =>
  Number(await rows(page).nth(row).locator(".amount.total").getAttribute("data-minor"));
const sum = (amounts: number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

/** What a spreadsheet would do: an event with cells at what has the focus. */
const paste = (page: Page, text: string) =>
  page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);

const copy = (page: Page) =>
  page.evaluate(() => {
    const clipboardData = new DataTransfer();
    document.activeElement?.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true }));
    return clipboardData.getData("text/plain");
  });

/** The keyboard's way to the first line of the second row. */
const toFirstLine = async (page: Page) => {
  await rows(page).nth(1).focus();
  await expect(rows(page).nth(1)).toHaveClass(/selected/);
  await page.keyboard.press("Control+ArrowRight");
  await expect(rows(page).nth(1).locator(".amount.total")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(cells(page, 1).first()).toBeFocused();
};

test("lines are columns of the grid", async ({ page, browser, server, words, watch, picture, language, colorScheme }) => {
  test.setTimeout(120_000);
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const first = cells(page, 1).first();

  await test.step("they come when they are chosen, and sum to every row", async () => {
    await rows(page).first().waitFor();
    await expect(page.locator(".amount.line")).toHaveCount(0);
    await page.locator("select[name=columns]").selectOption("product");
    await expect(first).toHaveAttribute("data-minor", /\d/, { timeout: 60_000 });
    await expect(page.locator(".amount[data-period]")).toHaveCount(0);
    const size = (cell: typeof first) => cell.evaluate((cell) => getComputedStyle(cell).fontSize);
    expect(await size(first.locator(".line-figure")), "as large as the total").toBe(await size(rows(page).nth(1).locator(".amount.total")));
    for (const row of [0, 1, 2]) {
      expect((await minors(page, row)).length).toBeGreaterThan(1);
      expect(sum(await minors(page, row))).toBe(await total(page, row));
    }
    await expect(page).toHaveURL(/columns=product/);
    await picture(page, "lines-columns-1");
  });

  const other = await browser.newContext({ baseURL: server.url, locale: language === "en" ? "en-GB" : language, colorScheme });
  await watch.over(other);
  const second = await other.newPage();
  await enter(second, words, "owner");
  await second.goto(`/split?version=${version}&columns=product`);
  const theirs = cells(second, 1).first();
  await expect(theirs).toHaveAttribute("data-set", "false", { timeout: 60_000 });

  await test.step("one is set: the others of its row give, and somebody else sees it at once", async () => {
    const before = await minors(page, 1);
    await toFirstLine(page);
    await page.keyboard.press("F2");
    await expect(first.locator("input")).toBeFocused();
    await page.keyboard.type("=-1%");
    await page.keyboard.press("Enter");
    await expect(first).toHaveAttribute("data-set", "true");
    await expect(cells(page, 2).first(), "as in a sheet: down").toBeFocused();
    const after = await minors(page, 1);
    expect(Math.abs((after[0] ?? 0) - (before[0] ?? 0) * 0.99)).toBeLessThanOrEqual(1);
    expect(sum(after)).toBe(await total(page, 1));
    await expect(theirs).toHaveAttribute("data-set", "true", { timeout: 30_000 });
    expect(await minors(second, 1)).toEqual(after);
  });

  await test.step("a reload shows the same", async () => {
    const before = await minors(page, 1);
    await page.reload();
    await expect(first).toHaveAttribute("data-set", "true", { timeout: 60_000 });
    expect(await minors(page, 1)).toEqual(before);
  });

  // Not while a line is on its way.
  const undo = page.getByRole("button", { name: words("split.undo"), exact: true });
  const redo = page.getByRole("button", { name: words("split.redo"), exact: true });

  await test.step("what is entered right after another is sent after it", async () => {
    const before = (await minors(page, 1))[0] ?? 0;
    await toFirstLine(page);
    for (let entered = 0; entered < 2; entered += 1) {
      await page.keyboard.press("F2");
      await expect(first.locator("input")).toBeFocused();
      await page.keyboard.type("=-1%");
      await page.keyboard.press("Enter");
      await expect(cells(page, 2).first()).toBeFocused();
      await page.keyboard.press("ArrowUp");
      await expect(first).toBeFocused();
    }
    await expect(undo).toBeEnabled({ timeout: 30_000 });
    const after = (await minors(page, 1))[0] ?? 0;
    expect(Math.abs(after - before * 0.99 * 0.99)).toBeLessThanOrEqual(2);
    await expect(first.getByRole("alert")).toHaveCount(0);
    await expect(theirs).toHaveAttribute("data-minor", String(after), { timeout: 30_000 });
  });

  await test.step("what there is no room for is refused at the cell, which stays as it was", async () => {
    watch.expect(/status of 409/);
    const before = await minors(page, 1);
    await toFirstLine(page);
    await page.keyboard.press("F2");
    await page.keyboard.type("=A*1000");
    await page.keyboard.press("Enter");
    await expect(first.getByRole("alert")).not.toBeEmpty();
    await picture(page, "lines-columns-2-refused");
    await expect.poll(() => minors(page, 1)).toEqual(before);
  });

  await test.step("cells are copied and pasted, taken back in one step, and done again", async () => {
    await toFirstLine(page);
    await page.keyboard.press("Shift+ArrowRight");
    await expect(cells(page, 1).and(page.locator("[aria-selected=true]"))).toHaveCount(2);
    const before = await minors(page, 1);
    const copied = (await copy(page)).split("\t").map((cell) => Math.round(Number(cell) * 100));
    expect(copied).toEqual(before.slice(0, 2));
    await toFirstLine(page);
    const wanted = Math.floor(((before[0] ?? 0) * 0.9) / 100);
    await paste(page, "12o\n");
    const dialog = page.locator("dialog[open]");
    await expect(dialog.locator("[data-list=problems]")).toContainText("12o");
    await expect(dialog.locator("button[type=submit]")).toBeDisabled();
    await dialog.locator("textarea").fill("-10%\n");
    const shown = dialog.locator("tbody tr");
    await expect(shown).toHaveCount(1);
    expect(Math.abs(Number(await shown.getAttribute("data-minor")) - (before[0] ?? 0) * 0.9)).toBeLessThanOrEqual(1);
    await dialog.locator("textarea").fill(`${wanted}\n`);
    await expect(shown).toHaveAttribute("data-minor", String(wanted * 100));
    await picture(page, "lines-columns-3-paste");
    await dialog.getByRole("button", { name: words("sheet.enter_one"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(first).toHaveAttribute("data-minor", String(wanted * 100));
    await expect(theirs).toHaveAttribute("data-minor", String(wanted * 100), { timeout: 30_000 });
    await expect(undo).toBeEnabled();
    await page.keyboard.press("Control+z");
    await expect.poll(() => minors(page, 1), { timeout: 30_000 }).toEqual(before);
    await expect(redo).toBeEnabled({ timeout: 30_000 });
    await page.keyboard.press("Control+y");
    await expect(first).toHaveAttribute("data-minor", String(wanted * 100), { timeout: 30_000 });
    await expect(theirs).toHaveAttribute("data-minor", String(wanted * 100), { timeout: 30_000 });
  });

  await test.step("it is let go, and the columns are periods again", async () => {
    await toFirstLine(page);
    await page.keyboard.press("Delete");
    await expect(first).toHaveAttribute("data-set", "false");
    await expect(theirs).toHaveAttribute("data-set", "false", { timeout: 30_000 });
    await page.locator("select[name=columns]").selectOption("periods");
    await expect(page.locator(".amount.line")).toHaveCount(0);
    await expect(rows(page).nth(1).locator(".amount[data-period='0']")).toBeVisible();
    await expect(page).not.toHaveURL(/columns=/);
  });
  await other.close();
});
