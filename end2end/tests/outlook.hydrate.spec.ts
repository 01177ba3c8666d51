// Market factors, one after the other: the page is made anew after each, and its buttons still work. And the plan that Set is
// about, chosen on one of its pages and kept on the next.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("market factors are entered, refused at their field, and taken out again @matrix", async ({ page, words, picture }) => {
  test.setTimeout(120_000);
  const dialog = page.locator("dialog[open]");
  const factors = page.locator("tr[data-step=factor]");
  const save = dialog.getByRole("button", { name: words("outlook.save"), exact: true });
  await enter(page, words, "planner");
  await page.goto("/set/outlook");

  for (const [name, effect] of [["Tariffs", "-5"], ["Trade fair", "3"]] as const) {
    const before = await factors.count();
    await page.getByRole("button", { name: words("outlook.add"), exact: true }).click();
    await dialog.locator("[name=factor-name]").fill(name);
    await save.click();
    await expect(dialog.locator("[name=factor-effect]")).toHaveAttribute("aria-invalid", "true");
    await dialog.locator("[name=factor-effect]").fill(effect);
    await save.click();
    // Nothing says where it is known from: that stands at the field, in the dialog.
    await expect(dialog.locator("[name=factor-source]")).toHaveAttribute("aria-invalid", "true");
    await picture(page, "factor-refused");
    await dialog.locator("[name=factor-source]").fill("Customs gazette");
    await save.click();
    await expect(dialog).toHaveCount(0);
    await expect(factors).toHaveCount(before + 1);
  }
  await picture(page, "factors");
  await expect(factors.filter({ hasText: "Trade fair" }).locator("[data-figure=effect]")).toHaveText("+3.0 %");

  await factors.getByRole("button", { name: "Tariffs" }).click();
  await dialog.getByRole("button", { name: words("outlook.remove"), exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(factors).toHaveCount(1);
});

test("what somebody else changes waits until the dialog is closed", async ({ page, words }) => {
  const dialog = page.locator("dialog[open]");
  const factors = page.locator("tr[data-step=factor]");
  await enter(page, words, "planner");
  await page.goto("/set/outlook");
  const before = await factors.count();
  await page.getByRole("button", { name: words("outlook.add"), exact: true }).click();
  await dialog.locator("[name=factor-name]").fill("Half written");

  const other = await page.context().newPage();
  await other.goto("/set/outlook");
  await other.getByRole("button", { name: words("outlook.add"), exact: true }).click();
  const entered = { name: "Trade fair", effect: "3", source: "Newspaper" };
  for (const [field, text] of Object.entries(entered)) await other.locator(`dialog[open] [name=factor-${field}]`).fill(text);
  const fetched = page.waitForResponse((response) => response.url().endsWith("/api/app/outlook/load"));
  await other.locator("dialog[open]").getByRole("button", { name: words("outlook.save"), exact: true }).click();
  await expect(other.locator("tr[data-step=factor]")).toHaveCount(before + 1);
  await (await fetched).finished();

  await expect(dialog.locator("[name=factor-name]")).toHaveValue("Half written");
  await expect(factors).toHaveCount(before);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(factors).toHaveCount(before + 1);
});

test("the plan one looks at is named and kept from page to page", async ({ page, words }) => {
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  await page.goto("/set/baseline");
  const plan = page.locator("select[name=planning]");
  await expect(plan).toHaveValue("");
  await plan.selectOption(version);
  await expect(page).toHaveURL(new RegExp(`/set/baseline\\?version=${version}`));
  await page.getByRole("link", { name: words("target.tab_target"), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/set/target\\?version=${version}`));
  await expect(plan).toHaveValue(version);
});
