// A manager looks on while a planner changes the draft: the numbers of the own part move by themselves, with the planner's name,
// and the grid is not opened anew for it.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";
import { SplitGrid, saved, typeOver } from "../pages/split.ts";

test.use({ serving: { demo: true } });

test("a manager follows a draft while a planner changes it", async ({ page, another, words, picture }) => {
  test.setTimeout(120_000);
  const looking = await another();
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await enter(looking, words, "manager");
  await looking.goto(`/split?version=${version}`);
  const grid = looking.getByRole("treegrid");
  const top = grid.locator(".tr[data-node]").first();
  await top.waitFor();
  const name = (await top.getAttribute("data-name")) ?? "";
  await expect(looking.locator("[data-publishes=others]"), "who looks on is told who publishes").toHaveText(words("publishing.by_others"));
  await expect(looking.getByRole("button", { name: words("split.publish"), exact: true }), "and has no button that stays grey").toHaveCount(0);
  const planned = new SplitGrid(page);
  const seen = async () => Number(await top.locator(".amount.total").getAttribute("data-minor"));
  const before = await seen();
  expect(before, "both see the same number").toBe(await planned.amount(name));
  // What is made anew loses the mark.
  await grid.evaluate((element) => element.setAttribute("data-same", "yes"));
  let opened = 0;
  looking.on("request", (request) => {
    if (request.url().endsWith("/api/app/split/open")) opened += 1;
  });

  const row = planned.row(name);
  await typeOver(row, "=+3%");
  await saved(page);
  await expect.poll(seen).not.toBe(before);
  expect(await seen()).toBe(await planned.amount(name));
  await expect(top.locator(".by-other").first(), "with who did it").not.toBeEmpty();
  await picture(looking, "follow-1-live");

  // One after the other, faster than the page asks: it ends where the plan does.
  for (let times = 0; times < 4; times += 1) {
    await row.focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("=+1%");
    await page.keyboard.press("Enter");
  }
  await saved(page);
  const after = await planned.amount(name);
  await expect.poll(seen).toBe(after);
  await expect(grid, "the grid stayed open").toHaveAttribute("data-same", "yes");
  expect(opened, "and was not fetched again").toBe(0);
  await looking.context().close();
});
