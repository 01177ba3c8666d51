// Lines beside the grid: what the selected row and those below it are to bring of each product, set by hand and let go.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("rows have lines that sum both ways, and one of them is set", async ({ page, words, watch, picture }) => {
  test.setTimeout(120_000);
  const panel = page.locator("details.row-lines");
  const table = panel.locator("[data-lines]");
  const minor = async (selector: string) =>
    table.locator(selector).evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-minor"))));
  const sum = (amounts: number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

  await enter(page, words, "planner");
  await newDraft(page, words);

  await test.step("the table is there when the panel is opened", async () => {
    await panel.waitFor({ state: "attached" });
    await panel.locator(":scope > summary").click();
    await expect(table).toBeVisible({ timeout: 60_000 });
    const rows = await table.locator("tbody tr[data-row]").count();
    expect(rows).toBeGreaterThan(1);
    for (let at = 0; at < rows; at += 1) {
      const row = `tbody tr[data-row] >> nth=${at}`;
      expect(sum(await minor(`${row} >> td[data-set]`))).toBe((await minor(row))[0]);
    }
    await picture(page, "lines-1-panel");
  });

  await test.step("a line of a row is set, and the others give", async () => {
    const cell = table.locator("tbody tr[data-row]").nth(1).locator("td[data-set]").first();
    const before = Number(await cell.getAttribute("data-minor"));
    await cell.locator("button").click();
    const field = cell.locator("input[name=line-amount]");
    await expect(field).toBeFocused();
    // More than the row has is refused beside the field, which stays.
    watch.expect(/status of 409/);
    await field.fill("=A*1000");
    await field.press("Enter");
    await expect(cell.getByRole("alert")).not.toBeEmpty();
    await field.fill("=-1%");
    await cell.locator("input[name=line-reason]").fill("试点");
    await field.press("Enter");
    await expect(cell).toHaveAttribute("data-set", "true");
    const after = Number(await cell.getAttribute("data-minor"));
    expect(Math.abs(after - before * 0.99)).toBeLessThanOrEqual(1);
    await expect(cell.locator("button")).toHaveAttribute("title", /试点/);
    await expect(cell.locator("button")).toBeFocused();
    const row = "tbody tr[data-row] >> nth=1";
    expect(sum(await minor(`${row} >> td[data-set]`))).toBe((await minor(row))[0]);
    await picture(page, "lines-2-set");
  });

  await test.step("where there is no room for it any more it stays as it was set, and is mended", async () => {
    const rows = page.locator(".grid .tr[data-node]");
    await rows.nth(1).focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("=-90%");
    await page.keyboard.press("Enter");
    const fault = panel.locator("[data-lines-fault] li");
    await expect(fault).toHaveCount(1, { timeout: 30_000 });
    const cell = table.locator("td[data-unmet]").first();
    expect(Number(await cell.getAttribute("data-unmet"))).toBeGreaterThan(0);
    await expect(cell.locator(".unmet-by")).not.toBeEmpty();
    const row = "tbody tr[data-row] >> nth=0";
    expect(sum(await minor(`${row} >> td[data-set]`))).toBe((await minor(row))[0]);
    await picture(page, "lines-3-unmet");
    await fault.getByRole("button").first().click();
    await expect(fault).toHaveCount(0, { timeout: 30_000 });
    await rows.nth(0).focus();
    await expect(table).toHaveAttribute("data-of", "0", { timeout: 30_000 });
  });

  await test.step("it is let go again", async () => {
    const cell = table.locator("tbody tr[data-row]").nth(1).locator("td[data-set]").first();
    await cell.locator("button").click();
    await cell.getByRole("button", { name: words("lines.back"), exact: true }).click();
    await expect(cell).toHaveAttribute("data-set", "false");
  });

  await test.step("a name leads to its row, and the table follows", async () => {
    const name = table.locator("tbody tr[data-row]").nth(1);
    const node = (await name.getAttribute("data-row")) ?? "";
    await name.getByRole("button").first().click();
    await expect(table).toHaveAttribute("data-of", node);
  });
});

test("who carries a number sees what it is to come from", async ({ page, words, picture }) => {
  await enter(page, words, "rep");
  await page.goto("/my-target");
  const target = page.locator(".my-target").first();
  const parts = target.locator("[data-own-lines]");
  await expect(parts.first()).toBeVisible();
  const total = Number(await target.getAttribute("data-minor"));
  for (let at = 0; at < (await parts.count()); at += 1) {
    const amounts = await parts.nth(at).locator("li").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-minor"))));
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(total);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "the page does not scroll sideways").toBeLessThanOrEqual(0);
  await picture(page, "lines-4-own");
});
