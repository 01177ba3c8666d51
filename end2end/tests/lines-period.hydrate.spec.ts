// A line of a row is set in one period: the whole line and the row's number of the period stay, the others give; it is refused where
// it has no room, pasted, taken back, seen by others, and let go.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

const rows = (page: Page) => page.locator(".grid .tr[data-node]");
const cells = (page: Page) => rows(page).nth(1).locator(".amount.line");
const first = (page: Page) => cells(page).first();
const minors = async (page: Page) =>
  cells(page).evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-minor"))));
const sum = (amounts: number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
const choice = (page: Page) => page.locator("select[name=line-period]");
const saved = (page: Page) => expect(page.locator("[data-saved]")).toHaveAttribute("data-saved", "true", { timeout: 60_000 });

/** Types into the first line of the second row. */
const type = async (page: Page, text: string) => {
  await first(page).click();
  await expect(first(page)).toBeFocused();
  await page.keyboard.press("F2");
  await expect(first(page).locator("input")).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
};

/** The lines of the row, of each of these periods. */
const byPeriod = async (page: Page, names: string[]) => {
  const parts: number[][] = [];
  for (const name of names) {
    await choice(page).selectOption(name);
    await expect(choice(page)).toHaveValue(name);
    // Another period has other numbers, or the same: what is drawn with the choice is waited for.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    parts.push(await minors(page));
  }
  return parts;
};

test("a line is set in a period and keeps its line and its period", async ({ page, another, words, watch, picture }) => {
  test.setTimeout(180_000);
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await rows(page).first().waitFor();
  await page.locator("select[name=columns]").selectOption("product");
  await expect(first(page)).toHaveAttribute("data-minor", /\d/, { timeout: 60_000 });
  const names = await choice(page)
    .locator("option")
    .evaluateAll((options) => options.map((option) => option.getAttribute("value") ?? "").filter((name) => name !== ""));
  const whole = await minors(page);
  const before = await byPeriod(page, names);
  const [name, other] = names;
  if (name === undefined || other === undefined) throw new Error("the plan has no two periods");

  const second = await another();
  await enter(second, words, "owner");
  await second.goto(`/split?version=${version}&columns=product&line-period=${encodeURIComponent(name)}`);
  await expect(first(second)).toHaveAttribute("data-set", "false", { timeout: 60_000 });

  const undo = page.getByRole("button", { name: words("split.undo"), exact: true });
  const redo = page.getByRole("button", { name: words("split.redo"), exact: true });
  let set: number[][] = [];

  await test.step("it is typed; the line and the period stay, and somebody else sees it", async () => {
    await choice(page).selectOption(name);
    await expect.poll(() => minors(page)).toEqual(before[0]);
    await type(page, "=-10%");
    await expect(first(page)).toHaveAttribute("data-set", "true");
    await saved(page);
    await picture(page, "lines-period-1-set");
    set = await byPeriod(page, names);
    expect(Math.abs((set[0]?.[0] ?? 0) - (before[0]?.[0] ?? 0) * 0.9)).toBeLessThanOrEqual(1);
    expect(set.map(sum), "every period of the row").toEqual(before.map(sum));
    const over = whole.map((_, line) => sum(set.map((part) => part[line] ?? 0)));
    expect(over, "every line over the periods").toEqual(whole);
    // Another period is nobody's own, but gives.
    await choice(page).selectOption(other);
    await expect(first(page)).toHaveAttribute("data-set", "false");
    await choice(page).selectOption("");
    await expect(first(page)).toHaveAttribute("data-set", "false");
    expect(await minors(page)).toEqual(whole);
    await expect(first(second)).toHaveAttribute("data-set", "true", { timeout: 30_000 });
    await expect.poll(() => minors(second), { timeout: 30_000 }).toEqual(set[0]);
  });

  await test.step("it is taken back where it is seen, also from the whole plan, and done again", async () => {
    await expect(undo).toBeEnabled();
    await undo.click();
    await expect(choice(page)).toHaveValue(name);
    await saved(page);
    await expect(first(page)).toHaveAttribute("data-set", "false");
    await expect.poll(() => minors(page)).toEqual(before[0]);
    await expect(redo).toBeEnabled();
    await redo.click();
    await saved(page);
    await expect(first(page)).toHaveAttribute("data-set", "true");
    await page.reload();
    await expect(first(page)).toHaveAttribute("data-set", "true", { timeout: 60_000 });
    await expect.poll(() => minors(page)).toEqual(set[0]);
  });

  await test.step("what has no room is refused with what goes, and stays as it was", async () => {
    watch.expect(/status of 409/);
    const most = Math.min(whole[0] ?? 0, sum(before[0] ?? []));
    await type(page, "=A*1000");
    const alert = first(page).getByRole("alert");
    // To the last unit, as people write it: the digits of the most that goes.
    await expect.poll(async () => ((await alert.textContent()) ?? "").replaceAll(/[^\d.]/g, ""), { timeout: 30_000 }).toContain(
      (most / 100).toFixed(2),
    );
    await picture(page, "lines-period-2-refused");
    await expect.poll(() => minors(page)).toEqual(set[0]);
    await alert.getByRole("button", { name: words("unsaved.forget"), exact: true }).click();
    await expect(alert).toHaveCount(0);
  });

  await test.step("a cell is pasted, told with its period before", async () => {
    await first(page).click();
    const wanted = Math.floor(((set[0]?.[0] ?? 0) * 0.9) / 100);
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, `${wanted}\n`);
    const dialog = page.locator("dialog[open]");
    await expect(dialog.locator("tbody tr")).toHaveAttribute("data-minor", String(wanted * 100));
    await dialog.getByRole("button", { name: words("sheet.enter_one"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(first(page)).toHaveAttribute("data-minor", String(wanted * 100));
    await saved(page);
    await expect.poll(async () => sum(await minors(page))).toBe(sum(before[0] ?? []));
  });

  await test.step("what is no amount is not out of mind where another period is shown", async () => {
    const elsewhere = page.locator("[data-part=lines-elsewhere]");
    const label = ((await choice(page).locator(`option[value="${name}"]`).textContent()) ?? "").trim();
    await first(page).focus();
    await page.keyboard.press("F2");
    await expect(first(page).locator("input")).toBeFocused();
    await page.keyboard.type("12o");
    await page.keyboard.press("Enter");
    await expect(elsewhere).toHaveCount(0);
    await choice(page).selectOption(other);
    await expect(first(page).locator("input")).toHaveCount(0);
    await picture(page, "lines-period-3-elsewhere");
    await elsewhere.getByRole("button", { name: label, exact: true }).click();
    await expect(choice(page)).toHaveValue(name);
    const field = first(page).locator("input");
    await expect(field).toHaveValue("12o");
    await field.click();
    await page.keyboard.press("Escape");
    await expect(field).toHaveCount(0);
    await choice(page).selectOption(other);
    await expect(choice(page)).toHaveValue(other);
    await expect(elsewhere).toHaveCount(0);
    await choice(page).selectOption(name);
  });

  await test.step("the card tells who set it; it is let go there, and with the key", async () => {
    await first(page).focus();
    await page.keyboard.press("Shift+F10");
    const card = page.locator("dialog[open]");
    await expect(card.locator("[data-part=line-part]")).toContainText(/\d/);
    await card.getByRole("button", { name: words("lines.back"), exact: true }).click();
    await expect(card).toHaveCount(0);
    await expect(first(page)).toHaveAttribute("data-set", "false");
    await saved(page);
    await expect.poll(() => minors(page)).toEqual(before[0]);
    await type(page, "=-5%");
    await expect(first(page)).toHaveAttribute("data-set", "true");
    await saved(page);
    await first(page).click();
    await page.keyboard.press("Delete");
    await expect(first(page)).toHaveAttribute("data-set", "false");
    await saved(page);
    await expect.poll(() => minors(page)).toEqual(before[0]);
    await expect(first(second)).toHaveAttribute("data-set", "false", { timeout: 30_000 });
  });
  await second.context().close();
});
