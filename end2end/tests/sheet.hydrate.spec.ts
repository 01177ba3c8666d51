// The split grid like a sheet: cells to and from a spreadsheet, an order of the rows, what they are held against, and the
// keyboard alone.
import { expect, test } from "../fixtures/attain.ts";
import { SplitGrid, saved } from "../pages/split.ts";
import type { Page } from "@playwright/test";

test.use({ serving: { demo: true } });

const openDraft = async (page: Page, words: (key: string) => string): Promise<void> => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: words("frame.role_planner") }).click();
  await expect(page.locator(".bar")).toBeVisible();
  await page.goto("/split");
  await page.getByRole("button", { name: words("split.new_draft") }).click();
  await expect(page.getByRole("button", { name: words("split.publish"), exact: true })).toBeEnabled();
};

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

test("numbers go to a spreadsheet and back", async ({ page, words, picture }) => {
  await openDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const minor = async (row: number, cell: string) => Number(await rows.nth(row).locator(cell).getAttribute("data-minor"));
  const first = ".amount[data-period='0']";
  const second = ".amount[data-period='1']";

  await test.step("a row is copied with its name and plain numbers, a block of amounts without", async () => {
    await rows.nth(0).focus();
    await page.keyboard.press("ArrowDown");
    const cells = (await copy(page)).split("\t");
    expect(cells[0]).toBe(await rows.nth(1).getAttribute("data-name"));
    expect(Number(cells[1]) * 100).toBeCloseTo(await minor(1, ".amount.total"), 0);
    expect(cells.slice(1).every((cell) => /^\d+(\.\d+)?$/.test(cell))).toBe(true);
    await page.keyboard.press("Control+ArrowRight");
    await expect(rows.nth(1).locator(".amount.total")).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await expect(rows.nth(1).locator(".amount[aria-selected=true]")).toHaveCount(2);
    expect((await copy(page)).split("\t").map((cell) => Math.round(Number(cell) * 100))).toEqual([await minor(1, first), await minor(1, second)]);
    await page.keyboard.press("Escape");
    await expect(rows.nth(1)).toBeFocused();
  });

  // Two people beside each other: the last two rows of the deepest level in sight.
  const levels = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute("aria-level"))));
  const deepest = Math.max(...levels);
  const at = levels.findIndex((level, index) => level === deepest && levels[index + 1] === deepest);
  const name = async (row: number) => (await rows.nth(row).getAttribute("data-name")) ?? "";
  const focusCell = async (row: number) => {
    await rows.nth(row).focus();
    await page.keyboard.press("Home");
    for (let step = 0; step < row; step += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(rows.nth(row).locator(first)).toBeFocused();
  };
  const dialog = page.locator("dialog[open]");

  await test.step("text in a number is refused with its place, and nothing changes", async () => {
    await focusCell(at);
    const before = await minor(at, first);
    await paste(page, "1,234\tabc\n");
    await expect(dialog.locator("[data-list=problems]")).toContainText(words("sheet.cell", { row: 1, column: 2 }));
    await expect(dialog.locator("button[type=submit]")).toBeDisabled();
    await picture(page, "sheet-1-refused");
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    expect(await minor(at, first)).toBe(before);
  });

  await test.step("what is wrong in several cells of a row is one line", async () => {
    await focusCell(at);
    await paste(page, "1,234\tabc\tdef\n");
    const problems = dialog.locator("[data-list=problems] li", { hasText: words("sheet.row_cells", { row: 1, count: 2 }) });
    await expect(problems).toHaveCount(1);
    await expect(problems).toContainText("def");
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  });

  await test.step("full-width digits are read, a blank cell leaves what is there", async () => {
    await focusCell(at);
    const kept = await minor(at, second);
    await paste(page, `${await name(at)}\t￥１，２３４\t\r\n${await name(at + 1)}\t2,345\t3456.5\r\n`);
    await expect(dialog.locator("tbody tr")).toHaveCount(3);
    await picture(page, "sheet-2-preview");
    await dialog.getByRole("button", { name: words("sheet.enter", { count: 3 }) }).click();
    await expect.poll(() => minor(at, first)).toBe(123_400);
    expect(await minor(at, second)).toBe(kept);
    expect(await minor(at + 1, first)).toBe(234_500);
    expect(await minor(at + 1, second)).toBe(345_650);
    await saved(page);
  });

  await test.step("a percentage is shown as the amount it becomes, below zero is refused with the reason", async () => {
    await focusCell(at);
    await paste(page, "+5%\n80 %\n");
    const becomes = dialog.locator("tbody tr");
    await expect(becomes).toHaveCount(2);
    await expect(becomes.nth(0)).toHaveAttribute("data-minor", "129570");
    await expect(becomes.nth(1)).toHaveAttribute("data-minor", "187600");
    await dialog.locator("textarea[name=cells]").fill("(5)");
    await expect(dialog.locator("[data-list=problems]")).toContainText("(5)");
    await expect(dialog.locator("button[type=submit]")).toBeDisabled();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  });
});

test("rows are sorted, held against the plan of record, and worked with eight keys", async ({ page, words, picture }) => {
  await openDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const total = async (row: number) => Number(await rows.nth(row).locator(".amount.total").getAttribute("data-minor"));

  await test.step("5 % from one to another, with the keyboard alone", async () => {
    await rows.nth(0).focus();
    const before = await total(1);
    const whole = await total(0);
    await page.keyboard.press("ArrowDown");
    await expect(rows.nth(1)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.locator(".row-menu .item").first()).toBeFocused();
    // Around to the last row of those beside it.
    await page.keyboard.press("ArrowUp");
    await expect(page.locator(".row-menu .item").last()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect.poll(() => total(1)).toBe(before - Math.floor(before / 20));
    expect(await total(0)).toBe(whole);
  });

  await test.step("against the plan of record", async () => {
    await page.locator("select[name=against]").selectOption("record");
    await expect(page.locator(".th .change")).toContainText(words("sheet.column_record"));
    await expect(rows.nth(1).locator("[data-figure=change]")).toContainText("−");
    await picture(page, "sheet-3-record");
  });

  await test.step("by amount, the largest first, then the smallest, then as the tree is", async () => {
    const head = page.locator(".th .total");
    const ofRegions = async () => {
      const list = await rows.evaluateAll((all) =>
        all
          .filter((row) => row.getAttribute("aria-level") === "2")
          .map((row) => [Number(row.getAttribute("aria-rowindex")), Number(row.querySelector(".amount.total")?.getAttribute("data-minor"))]),
      );
      return list.sort(([one = 0], [other = 0]) => one - other).map(([, amount = 0]) => amount);
    };
    await page.locator(".tools .seg button", { hasText: /^(大区|Region)$/ }).click();
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", "descending");
    const largest = await ofRegions();
    expect(largest).toEqual([...largest].sort((one, other) => other - one));
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", "ascending");
    const smallest = await ofRegions();
    expect(smallest).toEqual([...largest].reverse());
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", "none");
  });
});

test("5 % go between any two siblings in at most eight key presses", async ({ page, words, picture }) => {
  test.setTimeout(180_000);
  await openDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const row = (node: string) => page.locator(`.grid .tr[data-node="${node}"]`);
  const total = async (node: string) => Number(await row(node).locator(".amount.total").getAttribute("data-minor"));
  const menu = page.locator(".row-menu");
  let presses = 0;
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      presses += 1;
      await page.keyboard.press(key);
    }
  };
  // Units with what stands right below them, as the page lists them.
  const list = await rows.evaluateAll((all) =>
    all
      .map((row) => ({
        at: Number(row.getAttribute("aria-rowindex")),
        node: row.getAttribute("data-node") ?? "",
        name: row.getAttribute("data-name") ?? "",
        level: Number(row.getAttribute("aria-level")),
        open: row.getAttribute("aria-expanded") === "true",
      }))
      .sort((one, other) => one.at - other.at),
  );
  const below = (at: number) => {
    const unit = list[at];
    const after = list.slice(at + 1);
    const end = after.findIndex(({ level }) => level <= (unit?.level ?? 0));
    // A unit that goes on below the page is not counted.
    return end < 0 && at > 0 ? [] : (end < 0 ? after : after.slice(0, end)).filter(({ level }) => level === (unit?.level ?? 0) + 1);
  };
  const units = list.map((unit, at) => ({ unit, below: below(at) })).filter(({ unit, below }) => unit.open && below.length >= 2);
  const largest = Math.max(...units.map(({ below }) => below.length));
  expect(largest, "a unit of more than three").toBeGreaterThan(3);
  const tried = [units[0], units.find(({ below }) => below.length === largest)].filter((unit) => unit !== undefined);
  let pairs = 0;
  for (const { unit, below } of tried) {
    const last = below.length - 1;
    const middle = Math.floor(last / 2);
    for (const [from, to] of [[0, last], [last, 0], [middle, last], [last, middle]] as const) {
      const [giver, taker] = [below[from], below[to]];
      if (from === to || giver === undefined || taker === undefined) continue;
      await test.step(`${giver.name} → ${taker.name}, ${from + 1} → ${to + 1}`, async () => {
        // From the row above them all: from any of them it is one less.
        await row(unit.node).focus();
        await expect(row(unit.node)).toHaveClass(/selected/);
        const [gives, takes] = [await total(giver.node), await total(taker.node)];
        presses = 0;
        await press("ArrowDown");
        await expect(row(below[0]?.node ?? "")).toBeFocused();
        await press("g", ...String(from + 1));
        await expect(row(giver.node)).toBeFocused();
        await press("Enter");
        await expect(menu.locator(".item").first()).toBeFocused();
        await press(...String(to + 1));
        const item = menu.locator(`.item[data-number="${to + 1}"]`);
        await expect(item).toBeFocused();
        await expect(item).toContainText(taker.name);
        await press("Enter");
        const part = Math.floor(gives / 20);
        // Rows beside each other are drawn again within a frame or two of each other.
        await expect.poll(async () => [await total(giver.node), await total(taker.node)]).toEqual([gives - part, takes + part]);
        await expect(row(giver.node), "the keyboard goes on where it was").toBeFocused();
        expect(presses).toBeLessThanOrEqual(8);
        pairs += 1;
      });
    }
  }
  expect(pairs).toBeGreaterThan(4);

  await test.step("letters, both ends and Escape in the menu; all keys in a dialog", async () => {
    const giver = tried[0]?.below[0]?.node ?? "";
    const taker = tried[0]?.below[1];
    await row(giver).focus();
    await page.keyboard.press("Enter");
    const items = menu.locator(".item:not(:disabled)");
    await expect(items.first()).toBeFocused();
    await page.keyboard.press("End");
    await expect(items.last()).toBeFocused();
    await page.keyboard.press("Home");
    await expect(items.first()).toBeFocused();
    await picture(page, "sheet-4-menu");
    // As an input method hands a character over where there is no field.
    const first = [...(taker?.name ?? "")][0] ?? "";
    await menu.evaluate((menu, key) => {
      const target = document.activeElement ?? menu;
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }, first);
    await expect(menu.locator(".item:focus")).toContainText(first);
    await page.keyboard.press("Escape");
    await expect(menu).toHaveCount(0);
    await expect(row(giver)).toBeFocused();
    await page.keyboard.press("?");
    const dialog = page.locator("dialog[open]");
    await expect(dialog.locator("[data-part=keys] dt")).toHaveCount(13);
    await picture(page, "sheet-5-keys");
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await saved(page);
  });
});

test("what hides the row with the focus leaves the keyboard in the grid", async ({ page, words }) => {
  await openDraft(page, words);
  const rows = page.locator(".grid .tr[data-node]");
  const seek = page.locator(".tools input[type=search]");
  const stops = page.locator('.grid .trs .tr[tabindex="0"]');
  const levels = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute("aria-level"))));
  const at = levels.indexOf(Math.max(...levels));

  await test.step("a search that leaves it out puts the focus on what is above it", async () => {
    await rows.nth(at).focus();
    await expect(rows.nth(at)).toHaveClass(/selected/);
    await seek.fill((await rows.nth(1).getAttribute("data-name")) ?? "");
    await expect(stops).toHaveCount(1);
    await expect(page.locator(".grid .tr.selected")).toHaveCount(1);
    await expect(rows.nth(0)).toHaveAttribute("aria-expanded", "true");
    await expect(rows.nth(1), "its own rows are left out").toHaveAttribute("aria-expanded", "false");
    await seek.focus();
    await new SplitGrid(page).tabIn();
    await expect(stops).toBeFocused();
    await seek.fill("");
  });

  await test.step("a level that folds it away as well", async () => {
    await rows.nth(at).focus();
    await expect(rows.nth(at)).toHaveClass(/selected/);
    await page.locator(".tools .seg button", { hasText: /^(大区|Region)$/ }).click();
    await expect(page.locator('.grid .tr.selected[aria-level="2"]')).toHaveCount(1);
    await expect(stops).toHaveCount(1);
  });

  await test.step("on the head of a column there is no place to paste to", async () => {
    await page.locator(".th .total").getByRole("button").focus();
    await paste(page, "1,234\n");
    const dialog = page.locator("dialog[open]");
    await expect(dialog.locator("[data-list=problems]")).toContainText(words("sheet.p_no_row"));
    await expect(dialog.locator("button[type=submit]")).toBeDisabled();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  });

  await test.step("the right button leaves a marked block marked", async () => {
    await rows.nth(1).focus();
    await page.keyboard.press("Control+ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    const marked = rows.nth(1).locator(".amount[aria-selected=true]");
    await expect(marked).toHaveCount(2);
    await marked.first().click({ button: "right" });
    await expect(page.locator(".row-menu")).toBeVisible();
    await expect(marked).toHaveCount(2);
    await page.keyboard.press("Escape");
    await expect(page.locator(".row-menu")).toHaveCount(0);
  });
});
