// A branch without people has no number in a plan: whoever publishes is told so before, with the way out.
import { expect, test } from "../fixtures/attain.ts";
import { serious } from "../pages/axe.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("a branch without people is named before publishing", async ({ page, words, picture }) => {
  test.setTimeout(120_000);
  const dialog = page.locator("dialog[open]");
  const added = "海外新区";
  await enter(page, words, "owner");
  await page.goto("/admin/people?tab=units");
  await page.getByRole("button", { name: words("people.new_unit") }).click();
  await dialog.locator("input[name=name]").fill(added);
  await dialog.locator("select[name=parent]").selectOption({ label: "云杉仪器" });
  await dialog.getByRole("button", { name: words("people.save"), exact: true }).click();
  await expect(dialog).toHaveCount(0);

  await newDraft(page, words);
  await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
  await expect(dialog.locator(".before[data-before]")).toHaveCount(1, { timeout: 60_000 });
  const told = dialog.locator("[data-left-out]");
  await expect(told).toContainText(added);
  await expect(dialog.locator("[data-nobodys]"), "every other number has somebody who carries it").toHaveCount(0);
  await picture(page, "gaps-1-before-publishing");
  expect(await serious(page, "dialog[open]")).toEqual([]);
});
