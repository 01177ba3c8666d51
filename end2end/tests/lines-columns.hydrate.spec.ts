// Lines as columns of the grid: shown on demand, moved by a drag, of one period too, typed into, pasted, taken back, and seen by
// others at once.
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

/** What every period of a row has, while periods are the columns. */
const periodsOf = async (page: Page, row: number) =>
  rows(page)
    .nth(row)
    .locator(".amount[data-period]")
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-minor"))));

/** Grips the handle of a row and moves it, without letting go. */
const grip = async (page: Page, row: number, byPixels: number) => {
  const handle = rows(page).nth(row).getByRole("slider");
  await handle.scrollIntoViewIfNeeded();
  const box = await handle.boundingBox();
  if (box === null) throw new Error("the row has no handle in sight");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + byPixels, y, { steps: 5 });
};

/** The keyboard's way to the first line of the second row. */
const toFirstLine = async (page: Page) => {
  await rows(page).nth(1).focus();
  await expect(rows(page).nth(1)).toHaveClass(/selected/);
  await page.keyboard.press("Control+ArrowRight");
  await expect(rows(page).nth(1).locator(".amount.total")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(cells(page, 1).first()).toBeFocused();
};

test("lines are columns of the grid", async ({ page, another, words, watch, picture }) => {
  test.setTimeout(180_000);
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const first = cells(page, 1).first();
  // What the periods of two rows have, read before lines stand in their place.
  await rows(page).first().waitFor();
  const ofPeriods = [await periodsOf(page, 0), await periodsOf(page, 1)];

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

  await test.step("they follow a row that is dragged, before it is let go", async () => {
    const [before, was] = [await minors(page, 1), await total(page, 1)];
    await grip(page, 1, -15);
    await expect.poll(() => total(page, 1)).not.toBe(was);
    for (const row of [0, 1, 2]) {
      await expect.poll(async () => sum(await minors(page, row)) - (await total(page, row)), `row ${row}`).toBe(0);
    }
    expect(await minors(page, 1), "in the frame").not.toEqual(before);
    await picture(page, "lines-columns-1-dragged");
    await page.mouse.up();
    const undo = page.getByRole("button", { name: words("split.undo"), exact: true });
    await expect(undo).toBeEnabled({ timeout: 30_000 });
    expect(sum(await minors(page, 1))).toBe(await total(page, 1));
    await undo.click();
    await expect.poll(() => minors(page, 1), { timeout: 30_000 }).toEqual(before);
  });

  await test.step("of a period each row has its part, exact both ways", async () => {
    const choice = page.locator("select[name=line-period]");
    const note = page.locator("[data-part=line-period]");
    await expect(choice).toHaveValue("");
    await expect(note).toHaveCount(0);
    const names = await choice
      .locator("option")
      .evaluateAll((options) => options.map((option) => option.getAttribute("value") ?? "").filter((name) => name !== ""));
    expect(names.length).toBeGreaterThan(1);
    for (const row of [0, 1]) expect(ofPeriods[row]).toHaveLength(names.length);
    const whole = [await minors(page, 0), await minors(page, 1)];
    const sums = whole.map((lines) => lines.map(() => 0));
    for (const [at, name] of names.entries()) {
      await choice.selectOption(name);
      for (const row of [0, 1]) {
        await expect.poll(async () => sum(await minors(page, row)), `${name}, row ${row}`).toBe(ofPeriods[row]?.[at]);
        const part = await minors(page, row);
        sums[row] = (sums[row] ?? []).map((sum, line) => sum + (part[line] ?? 0));
      }
    }
    expect(sums, "over the periods a line is whole").toEqual(whole);
    await expect(page).toHaveURL(new RegExp(`line-period=${encodeURIComponent(names.at(-1) ?? "")}`));
    await expect(note).not.toBeEmpty();
    await picture(page, "lines-columns-1-period");
    // What is copied is what is shown; how it is set is told in lines-period.hydrate.spec.ts.
    await toFirstLine(page);
    const part = await minors(page, 1);
    expect(Math.round(Number(await copy(page)) * 100)).toBe(part[0]);
    const dialog = page.locator("dialog[open]");
    // The card tells the part before the steps to the whole.
    await first.click({ button: "right" });
    await expect(dialog.locator("[data-part=line-part]")).toContainText(/\d/);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await page.reload();
    await expect(choice).toHaveValue(names.at(-1) ?? "", { timeout: 60_000 });
    await expect.poll(() => minors(page, 1), { timeout: 60_000 }).toEqual(part);
    await note.getByRole("button", { name: words("line_columns.back_to_whole"), exact: true }).click();
    await expect.poll(() => minors(page, 1)).toEqual(whole[1]);
    await expect(page).not.toHaveURL(/line-period=/);
    await expect(page).toHaveURL(/columns=product/);
  });

  const second = await another();
  await enter(second, words, "owner");
  await second.goto(`/split?version=${version}&columns=product`);
  const theirs = cells(second, 1).first();
  await expect(theirs).toHaveAttribute("data-set", "false", { timeout: 60_000 });

  await test.step("one is set: the others of its row give, and somebody else sees it at once", async () => {
    const before = await minors(page, 1);
    await toFirstLine(page);
    await page.keyboard.press("F2");
    await expect(first.locator("input")).toBeFocused();
    await expect(first.locator("input"), "a keypad with all signs").toHaveAttribute("inputmode", "text");
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
    // Asked about also where there is no menu key; let go there by a button that is seen.
    await page.keyboard.press("Shift+F10");
    const card = page.locator("dialog[open]");
    await card.getByRole("button", { name: words("lines.back"), exact: true }).click();
    await expect(card).toHaveCount(0);
    await expect(first).toHaveAttribute("data-set", "false");
    await expect(first, "the keyboard goes on at the cell").toBeFocused();
    await expect(undo).toBeEnabled({ timeout: 30_000 });
    await page.keyboard.press("Control+z");
    await expect(first).toHaveAttribute("data-set", "true", { timeout: 30_000 });
    await expect(redo).toBeEnabled({ timeout: 30_000 });
    await toFirstLine(page);
    await page.keyboard.press("Delete");
    await expect(first).toHaveAttribute("data-set", "false");
    await expect(theirs).toHaveAttribute("data-set", "false", { timeout: 30_000 });
    await page.locator("select[name=columns]").selectOption("periods");
    await expect(page.locator(".amount.line")).toHaveCount(0);
    await expect(rows(page).nth(1).locator(".amount[data-period='0']")).toBeVisible();
    await expect(page).not.toHaveURL(/columns=/);
  });
  await second.context().close();
});
