// A line of a row keeps the promises of an amount: sent again when the server was not reached, not overwritten unseen, taken back
// after a reload, and a wrong text stays where it was typed.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

const rows = (page: Page) => page.locator(".grid .tr[data-node]");
const line = (page: Page) => rows(page).nth(1).locator(".amount.line").first();
const minor = async (page: Page) => Number(await line(page).getAttribute("data-minor"));
const shown = (page: Page) => expect(line(page)).toHaveAttribute("data-minor", /\d/, { timeout: 60_000 });
const saved = (page: Page) => expect(page.locator("[data-saved]")).toHaveAttribute("data-saved", "true", { timeout: 60_000 });

/** Types into the first line of the second row. */
const type = async (page: Page, text: string, end: "Enter" | "Tab" = "Enter") => {
  await line(page).click();
  await expect(line(page)).toBeFocused();
  await page.keyboard.press("F2");
  await expect(line(page).locator("input")).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press(end);
};

test("a line that is set is not lost and overwrites nothing unseen", async ({ page, another, words, watch, picture }) => {
  test.setTimeout(180_000);
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await rows(page).first().waitFor();
  await page.locator("select[name=columns]").selectOption("product");
  await shown(page);
  const before = await minor(page);

  await test.step("the server is not reached: the number stays, also over a reload, and is sent again", async () => {
    watch.expect(/ERR_|Failed to load resource|net::/);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.route("**/api/app/split/row-line", (route) => route.abort("connectionreset"));
    await type(page, "=-1%");
    await expect(page.locator("[data-saved]")).toContainText(words("unsaved.offline"));
    expect(await minor(page)).toBeLessThan(before);
    await expect(line(page).getByRole("alert")).toHaveCount(0);
    await page.reload();
    await rows(page).first().waitFor();
    await expect(page.locator("[data-saved]")).toHaveAttribute("data-saved", "false");
    await page.unroute("**/api/app/split/row-line");
    await saved(page);
    await shown(page);
    await expect(line(page)).toHaveAttribute("data-set", "true");
    expect(Math.abs((await minor(page)) - before * 0.99)).toBeLessThanOrEqual(1);
  });

  await test.step("it is taken back and done again after a reload", async () => {
    const set = await minor(page);
    await page.reload();
    await shown(page);
    const undo = page.getByRole("button", { name: words("split.undo"), exact: true });
    await expect(undo).toBeEnabled();
    await undo.click();
    await saved(page);
    await expect(line(page)).toHaveAttribute("data-set", "false");
    await expect.poll(() => minor(page)).toBe(before);
    const redo = page.getByRole("button", { name: words("split.redo"), exact: true });
    await expect(redo).toBeEnabled();
    await redo.click();
    await saved(page);
    await expect.poll(() => minor(page)).toBe(set);
  });

  await test.step("a text that is no amount stays in its cell with the reason", async () => {
    const set = await minor(page);
    await type(page, "12o", "Tab");
    const field = line(page).locator("input");
    await expect(field).toHaveValue("12o");
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(line(page).locator("[data-echo=wrong]")).not.toBeEmpty();
    await expect(line(page)).toHaveAttribute("data-minor", String(set));
    await picture(page, "lines-kept-1-wrong");
    await field.focus();
    await page.keyboard.press("Escape");
    await expect(field).toHaveCount(0);
    await expect(line(page)).toHaveAttribute("data-minor", String(set));
  });

  await test.step("what somebody else set meanwhile is told, and set all the same by who wants it", async () => {
    const set = await minor(page);
    const second = await another();
    await enter(second, words, "owner");
    await second.goto(`/split?version=${version}&columns=product`);
    await shown(second);
    expect(await minor(second)).toBe(set);
    // What this tab sends waits until the other has set it.
    let letThrough = () => {};
    const held = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route("**/api/app/split/row-line", async (route) => {
      await held;
      await route.continue();
    });
    await type(page, "=-2%");
    await expect.poll(() => minor(page)).toBeLessThan(set);
    const own = await minor(page);
    // The cell had the focus: another click asks why, but not of who goes on typing.
    await expect(page.locator("dialog[open]")).toHaveCount(0);
    await type(second, "=-3%");
    await saved(second);
    const theirs = await minor(second);
    expect(theirs).toBeLessThan(own);
    letThrough();
    const refused = line(page).locator("[data-refused=changed]");
    await expect(refused).toBeVisible({ timeout: 30_000 });
    await page.unroute("**/api/app/split/row-line");
    await expect.poll(() => minor(page), { timeout: 30_000 }).toBe(theirs);
    expect(await minor(second)).toBe(theirs);
    await picture(page, "lines-kept-2-changed");
    await refused.getByRole("button", { name: words("lines.anyway"), exact: true }).click();
    await expect(refused).toHaveCount(0);
    await saved(page);
    await expect.poll(() => minor(page), { timeout: 30_000 }).toBe(own);
    await expect.poll(() => minor(second), { timeout: 30_000 }).toBe(own);

    // Taking it back after a reload meets what somebody else set since: told, and done only by who wants it.
    await type(second, "=-4%");
    await saved(second);
    const later = await minor(second);
    expect([own, theirs]).not.toContain(later);
    await expect.poll(() => minor(page), { timeout: 30_000 }).toBe(later);
    await page.reload();
    await shown(page);
    const undo = page.getByRole("button", { name: words("split.undo"), exact: true });
    await expect(undo).toBeEnabled();
    await undo.click();
    await expect(refused).toBeVisible({ timeout: 30_000 });
    await expect.poll(() => minor(page), { timeout: 30_000 }).toBe(later);
    expect(await minor(second)).toBe(later);
    await picture(page, "lines-kept-3-taken-back");
    await refused.getByRole("button", { name: words("lines.anyway"), exact: true }).click();
    await expect(refused).toHaveCount(0);
    await saved(page);
    await expect.poll(() => minor(page), { timeout: 30_000 }).toBe(theirs);
    await expect.poll(() => minor(second), { timeout: 30_000 }).toBe(theirs);
    await second.context().close();
  });
});
